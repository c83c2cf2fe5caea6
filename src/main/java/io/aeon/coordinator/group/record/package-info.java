/** The records of groups in __consumer_offsets: their values, and their format. */
@NullMarked
package io.aeon.coordinator.group.record;

import org.jspecify.annotations.NullMarked;
