package io.aeon.broker.partition;

/** The position in a partition that a request asks for. */
public sealed interface OffsetSpec {
    /** An offset that is known without a search. */
    enum Edge implements OffsetSpec {
        /** The log start offset. */
        EARLIEST,
        /** The high watermark. */
        LATEST
    }

    /** A batch that has to be searched. */
    sealed interface Search extends OffsetSpec {}

    /** The first batch with the highest timestamp of the partition. */
    record Newest() implements Search {}

    /**
     * The first batch that contains a record with this timestamp or a later one.
     *
     * @param timestamp milliseconds since the epoch
     */
    record AtOrAfter(long timestamp) implements Search {}
}
