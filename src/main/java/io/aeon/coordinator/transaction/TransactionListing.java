package io.aeon.coordinator.transaction;

/**
 * A transactional id in a list of transactional ids.
 *
 * @param startMs start of the transaction, milliseconds since the epoch, -1 if there is none
 */
public record TransactionListing(String transactionalId, long producerId, TransactionState state, long startMs) {}
