/** One runtime for all coordinators: it finds them, loads them by replay, runs, parks and stops them. */
@NullMarked
package io.aeon.broker.coordinator;

import org.jspecify.annotations.NullMarked;
