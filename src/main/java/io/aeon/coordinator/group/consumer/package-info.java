/**
 * The members of a group under the consumer protocol (KIP-848): epochs, target assignments, reconciliation, and the
 * change between the two protocols.
 */
@NullMarked
package io.aeon.coordinator.group.consumer;

import org.jspecify.annotations.NullMarked;
