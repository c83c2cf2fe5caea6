package io.aeon.coordinator;

/**
 * What can be built from its records.
 *
 * @param <R> a record
 */
public interface Replayable<R> {
    /**
     * Takes in a durable record.
     *
     * @param producerId whose transaction the record is a part of, -1 if of none
     */
    void replay(R record, long producerId, long offset);

    /** Takes in the durable end of a producer's transaction that records for this were a part of. */
    default void replayEnd(long producerId, boolean committed) {}

    /** It does not exist by the records so far. */
    boolean isVacant();
}
