package io.aeon.coordinator.transaction;

/**
 * One line of a list of transactional ids.
 *
 * @param startMs when the transaction began, milliseconds since the epoch, -1 if none has
 */
public record TransactionListing(String transactionalId, long producerId, TransactionState state, long startMs) {}
