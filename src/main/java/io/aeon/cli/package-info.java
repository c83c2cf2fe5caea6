/** The command line. */
@NullMarked
package io.aeon.cli;

import org.jspecify.annotations.NullMarked;
