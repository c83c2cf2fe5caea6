/** The classic consumer group protocol and its records in __consumer_offsets. */
@NullMarked
package io.aeon.coordinator.group;

import org.jspecify.annotations.NullMarked;
