package io.aeon.storage.producer;

/**
 * The producer fields in the header of a data batch.
 *
 * @param firstSequence sequence number of the first record; -1 for a batch of a coordinator, which has no sequence
 * @param offsetDelta number of records minus one, in offsets and in sequence numbers
 * @param lastOffset offset of the last record
 * @param timestamp its largest timestamp, milliseconds since the epoch
 */
public record ProducerBatch(
        long producerId,
        short epoch,
        int firstSequence,
        int offsetDelta,
        long lastOffset,
        long timestamp,
        boolean transactional) {
    static final int NO_SEQUENCE = -1;

    boolean hasSequence() {
        return firstSequence >= 0;
    }

    int lastSequence() {
        return hasSequence() ? Sequences.add(firstSequence, offsetDelta) : NO_SEQUENCE;
    }

    long baseOffset() {
        return lastOffset - offsetDelta;
    }
}
