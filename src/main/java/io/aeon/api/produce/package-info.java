/** Produce. */
@NullMarked
package io.aeon.api.produce;

import org.jspecify.annotations.NullMarked;
