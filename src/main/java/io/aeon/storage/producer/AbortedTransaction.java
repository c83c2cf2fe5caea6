package io.aeon.storage.producer;

/**
 * An aborted transaction: a consumer with isolation level read_committed must not see its records.
 *
 * @param firstOffset offset of the producer's first record in the transaction
 * @param lastOffset offset of the abort marker
 * @param lastStableOffset the last stable offset when the marker was written: every transaction of this log that ended
 *     later began at or above it
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
