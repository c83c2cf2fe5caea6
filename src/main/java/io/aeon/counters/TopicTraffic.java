package io.aeon.counters;

import java.util.concurrent.atomic.LongAdder;

/** What clients and other brokers write to and read from one topic on this broker. Thread-safe. */
public final class TopicTraffic {
    private final LongAdder appends = new LongAdder();
    private final LongAdder records = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder refusedAppends = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder refusedReads = new LongAdder();
    private final LongAdder copiedIn = new LongAdder();
    private final LongAdder copiedOut = new LongAdder();

    /**
     * A batch for one partition was appended.
     *
     * @param newRecords 0 for a batch that its producer repeated, like {@code newBytes}
     */
    public void appended(long newRecords, long newBytes) {
        appends.increment();
        records.add(newRecords);
        bytesIn.add(newBytes);
    }

    /** A batch for one partition was refused. */
    public void appendRefused() {
        refusedAppends.increment();
    }

    /** A consumer has read one partition. */
    public void read(long bytes) {
        reads.increment();
        bytesOut.add(bytes);
    }

    /** A read of one partition was refused. */
    public void readRefused() {
        refusedReads.increment();
    }

    /** Records of the leader were appended to one partition. */
    public void copiedIn(long bytes) {
        copiedIn.add(bytes);
    }

    /** A follower has read one partition. */
    public void copiedOut(long bytes) {
        reads.increment();
        copiedOut.add(bytes);
    }

    /** The counts now. Counts that change at the same time may be included or not. */
    public Totals totals() {
        return new Totals(
                appends.sum(),
                records.sum(),
                bytesIn.sum(),
                refusedAppends.sum(),
                reads.sum(),
                bytesOut.sum(),
                refusedReads.sum(),
                copiedIn.sum(),
                copiedOut.sum());
    }

    /**
     * Counts of one moment.
     *
     * @param appends batches that were appended
     * @param records records in them
     * @param bytesIn bytes in them
     * @param refusedAppends batches that were refused
     * @param reads reads of consumers and followers
     * @param bytesOut bytes of records that consumers have read
     * @param refusedReads reads that were refused
     * @param copiedIn bytes of records that came from leaders
     * @param copiedOut bytes of records that followers have read
     */
    public record Totals(
            long appends,
            long records,
            long bytesIn,
            long refusedAppends,
            long reads,
            long bytesOut,
            long refusedReads,
            long copiedIn,
            long copiedOut) {
        static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0, 0, 0);

        public Totals plus(Totals other) {
            return new Totals(
                    appends + other.appends,
                    records + other.records,
                    bytesIn + other.bytesIn,
                    refusedAppends + other.refusedAppends,
                    reads + other.reads,
                    bytesOut + other.bytesOut,
                    refusedReads + other.refusedReads,
                    copiedIn + other.copiedIn,
                    copiedOut + other.copiedOut);
        }
    }
}
