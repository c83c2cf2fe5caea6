/** What other rooms count for the metrics: a count costs its owner a few nanoseconds and no memory. JDK only. */
@NullMarked
package io.aeon.counters;

import org.jspecify.annotations.NullMarked;
