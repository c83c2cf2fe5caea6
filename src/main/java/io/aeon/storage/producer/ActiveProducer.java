package io.aeon.storage.producer;

/**
 * A producer whose state a log keeps.
 *
 * @param lastSequence sequence number of the last record, -1 if there is none in this epoch
 * @param lastTimestamp timestamp of the last batch or marker, milliseconds since the epoch
 * @param coordinatorEpoch coordinator epoch of the last marker, -1 if there is none
 * @param transactionStart first offset of the open transaction, -1 if there is none
 */
public record ActiveProducer(
        long producerId,
        short epoch,
        int lastSequence,
        long lastTimestamp,
        int coordinatorEpoch,
        long transactionStart) {}
