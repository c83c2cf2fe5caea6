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
    sealed interface Search extends OffsetSpec {
        /** The search leaves out the batches that end below this offset. */
        long from();

        /** The same search from another offset on. */
        Search from(long offset);
    }

    /** The first batch with the highest timestamp of the partition. */
    record Newest(long from) implements Search {
        /** Searches the whole partition. */
        public Newest() {
            this(0);
        }

        @Override
        public Newest from(long offset) {
            return new Newest(offset);
        }
    }

    /**
     * The first batch that contains a record with this timestamp or a later one.
     *
     * @param timestamp milliseconds since the epoch
     */
    record AtOrAfter(long timestamp, long from) implements Search {
        /** Searches the whole partition. */
        public AtOrAfter(long timestamp) {
            this(timestamp, 0);
        }

        @Override
        public AtOrAfter from(long offset) {
            return new AtOrAfter(timestamp, offset);
        }
    }
}
