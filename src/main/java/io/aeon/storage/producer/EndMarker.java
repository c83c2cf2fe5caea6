package io.aeon.storage.producer;

/**
 * A control batch that ends a transaction.
 *
 * @param epoch the producer's from now on
 * @param coordinatorEpoch epoch of the transaction coordinator that wrote it
 * @param aborts whether the transaction's records are void
 * @param timestamp milliseconds since the epoch
 */
public record EndMarker(
        long producerId, short epoch, int coordinatorEpoch, boolean aborts, long offset, long timestamp) {}
