package io.aeon.broker;

/** Which offset of a partition is asked for. */
public sealed interface OffsetSpec {
    /** An offset that needs no search by time. */
    enum Edge implements OffsetSpec {
        /** The log start. */
        EARLIEST,
        /** The high watermark. */
        LATEST,
        /** The batch that holds the largest timestamp. */
        MAX_TIMESTAMP
    }

    /**
     * The first batch that holds a record of this time or later.
     *
     * @param timestamp milliseconds since the epoch
     */
    record AtOrAfter(long timestamp) implements OffsetSpec {}
}
