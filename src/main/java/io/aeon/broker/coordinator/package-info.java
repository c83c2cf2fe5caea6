/** One runtime for all coordinators: it finds, loads, runs, parks and stops them. */
@NullMarked
package io.aeon.broker.coordinator;

import org.jspecify.annotations.NullMarked;
