package io.aeon.coordinator;

/**
 * State that is built from its records.
 *
 * @param <R> type of the records
 */
public interface Replayable<R> {
    /**
     * Applies a durable record.
     *
     * @param producerId producer to whose transaction the record belongs, -1 if there is none
     */
    void replay(R record, long producerId, long offset);

    /** Applies the durable end of a producer's transaction to which earlier records belong. */
    default void replayEnd(long producerId, boolean committed) {}

    /** Whether it does not exist after the records so far. */
    boolean isVacant();
}
