/**
 * Groups of the classic and of the consumer protocol (KIP-848), their committed offsets, and the records of both in
 * __consumer_offsets.
 */
@NullMarked
package io.aeon.coordinator.group;

import org.jspecify.annotations.NullMarked;
