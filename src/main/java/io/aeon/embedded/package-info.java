/** A complete broker in this JVM. This room connects the parts of all floors. */
@NullMarked
package io.aeon.embedded;

import org.jspecify.annotations.NullMarked;
