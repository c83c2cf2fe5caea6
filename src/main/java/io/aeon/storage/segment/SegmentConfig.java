package io.aeon.storage.segment;

/**
 * The topic settings that segments use. Names and meanings are Kafka's.
 *
 * @param segmentBytes maximum bytes of a segment; a segment is rolled before it grows larger
 * @param segmentMs a segment is rolled when its first record is this many milliseconds old
 * @param segmentJitterMs maximum milliseconds by which a segment is rolled earlier, so that not all roll at one time
 * @param indexIntervalBytes bytes of log per index entry, approximately
 * @param indexMaxBytes maximum bytes of an offset index; a segment is rolled before its index grows larger
 * @param fileDeleteDelayMs milliseconds from a segment's removal from the log to its deletion from the disk
 */
public record SegmentConfig(
        int segmentBytes,
        long segmentMs,
        long segmentJitterMs,
        int indexIntervalBytes,
        int indexMaxBytes,
        long fileDeleteDelayMs) {

    /** Kafka's defaults. */
    public static final SegmentConfig DEFAULT = new SegmentConfig(1 << 30, 604_800_000L, 0, 4096, 10 << 20, 60_000L);
}
