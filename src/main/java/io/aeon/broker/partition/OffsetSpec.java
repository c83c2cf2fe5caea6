package io.aeon.broker.partition;

/** Which place of a partition is asked for. */
public sealed interface OffsetSpec {
    /** An offset that needs no search. */
    enum Edge implements OffsetSpec {
        /** The log start. */
        EARLIEST,
        /** The high watermark. */
        LATEST
    }

    /** A batch that has to be searched for. */
    sealed interface Search extends OffsetSpec {}

    /** The first batch with the largest timestamp of all. */
    record Newest() implements Search {}

    /**
     * The first batch that holds a record of this time or later.
     *
     * @param timestamp milliseconds since the epoch
     */
    record AtOrAfter(long timestamp) implements Search {}
}
