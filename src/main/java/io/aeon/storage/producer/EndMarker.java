package io.aeon.storage.producer;

/**
 * A control batch that ends a transaction.
 *
 * @param epoch the producer's epoch after the marker
 * @param coordinatorEpoch epoch of the transaction coordinator that wrote the marker
 * @param aborts whether the marker aborts the transaction; otherwise it commits it
 * @param timestamp milliseconds since the epoch
 */
public record EndMarker(
        long producerId, short epoch, int coordinatorEpoch, boolean aborts, long offset, long timestamp) {}
