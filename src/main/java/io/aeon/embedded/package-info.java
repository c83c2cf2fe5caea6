/** A whole broker in this JVM: the one place that wires the floors. */
@NullMarked
package io.aeon.embedded;

import org.jspecify.annotations.NullMarked;
