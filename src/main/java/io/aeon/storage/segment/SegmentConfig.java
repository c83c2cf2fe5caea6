package io.aeon.storage.segment;

/**
 * What segments need to know of a topic's settings. Names and meanings are Kafka's.
 *
 * @param segmentBytes a segment is rolled before it would grow past this many bytes
 * @param segmentMs a segment is rolled when its first record is this many milliseconds old
 * @param segmentJitterMs milliseconds at most that a segment is rolled earlier, so that not all are at the same time
 * @param indexIntervalBytes one index entry for about every so many bytes of log
 * @param indexMaxBytes a segment is rolled when its offset index would grow past this many bytes
 * @param fileDeleteDelayMs milliseconds between a segment's removal from the log and its removal from the disk
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
