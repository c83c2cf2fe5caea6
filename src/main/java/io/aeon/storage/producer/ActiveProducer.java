package io.aeon.storage.producer;

/**
 * A producer that a log remembers.
 *
 * @param lastSequence sequence of the last record, -1 if it has none in this epoch
 * @param lastTimestamp of its last batch or marker, milliseconds since the epoch
 * @param coordinatorEpoch of the last marker, -1 for none
 * @param transactionStart first offset of the transaction it has open, -1 for none
 */
public record ActiveProducer(
        long producerId,
        short epoch,
        int lastSequence,
        long lastTimestamp,
        int coordinatorEpoch,
        long transactionStart) {}
