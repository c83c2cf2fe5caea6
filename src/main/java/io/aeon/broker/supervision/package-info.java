/** How the guardian's children come back after an exception, and when they do not. */
@NullMarked
package io.aeon.broker.supervision;

import org.jspecify.annotations.NullMarked;
