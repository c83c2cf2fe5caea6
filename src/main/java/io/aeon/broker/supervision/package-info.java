/** The restarts of the guardian's children after an exception, and their limits. */
@NullMarked
package io.aeon.broker.supervision;

import org.jspecify.annotations.NullMarked;
