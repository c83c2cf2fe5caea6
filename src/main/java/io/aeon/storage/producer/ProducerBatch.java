package io.aeon.storage.producer;

/**
 * What the header of a data batch says of its producer.
 *
 * @param firstSequence sequence of its first record; -1 for a batch of a coordinator, whose order nobody checks
 * @param offsetDelta its records but one, also as sequences
 * @param lastOffset offset of its last record
 * @param timestamp its largest, milliseconds since the epoch
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
