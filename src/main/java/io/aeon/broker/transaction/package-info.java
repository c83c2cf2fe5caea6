/**
 * The parts that are specific to transaction coordinators: their topic, the gate before the partitions, and the
 * markers.
 */
@NullMarked
package io.aeon.broker.transaction;

import org.jspecify.annotations.NullMarked;
