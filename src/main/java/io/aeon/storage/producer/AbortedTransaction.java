package io.aeon.storage.producer;

/**
 * Records that nobody who reads committed may see.
 *
 * @param firstOffset offset of the producer's first record in the transaction
 * @param lastOffset offset of the marker that aborted it
 * @param lastStableOffset the last stable offset as of that marker: no transaction that was ended later, in this log,
 *     began below it
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
