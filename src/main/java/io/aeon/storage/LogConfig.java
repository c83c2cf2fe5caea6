package io.aeon.storage;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What one log needs to know of its topic's settings. Names and meanings are Kafka's.
 *
 * @param segmentBytes a segment is rolled before it would grow past this many bytes
 * @param segmentMs a segment is rolled when its first record is this many milliseconds old
 * @param indexIntervalBytes one index entry for about every so many bytes of log
 * @param indexMaxBytes a segment is rolled when its offset index would grow past this many bytes
 * @param retentionMs milliseconds a record is kept at least, -1 for ever
 * @param retentionBytes bytes the log may hold before old segments go, -1 for no bound
 * @param fileDeleteDelayMs milliseconds between a segment's removal from the log and its removal from the disk
 * @param deletes whether retention applies (cleanup.policy names delete)
 * @param messageTimestampAfterMaxMs how far in the future, in milliseconds, a record's timestamp may lie and still
 *     count for retention
 * @param segmentJitterMs milliseconds at most that a segment is rolled earlier, so that not all are at the same time
 * @param compaction when and how old values go
 */
public record LogConfig(
        int segmentBytes,
        long segmentMs,
        int indexIntervalBytes,
        int indexMaxBytes,
        long retentionMs,
        long retentionBytes,
        long fileDeleteDelayMs,
        boolean deletes,
        long messageTimestampAfterMaxMs,
        long segmentJitterMs,
        CompactionConfig compaction) {

    /** Kafka's defaults. */
    public static final LogConfig DEFAULT =
            new LogConfig(1 << 30, 604_800_000L, 4096, 10 << 20, 604_800_000L, -1L, 60_000L, true, 3_600_000L);

    /** The same for equal settings in every process, different for others as far as 32 bits go. */
    public int fingerprint() {
        CRC32C crc = new CRC32C();
        crc.update(toString().getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /** Settings of a log that is not compacted and rolls without jitter. */
    public LogConfig(
            int segmentBytes,
            long segmentMs,
            int indexIntervalBytes,
            int indexMaxBytes,
            long retentionMs,
            long retentionBytes,
            long fileDeleteDelayMs,
            boolean deletes,
            long messageTimestampAfterMaxMs) {
        this(
                segmentBytes,
                segmentMs,
                indexIntervalBytes,
                indexMaxBytes,
                retentionMs,
                retentionBytes,
                fileDeleteDelayMs,
                deletes,
                messageTimestampAfterMaxMs,
                0,
                CompactionConfig.OFF);
    }

    /** The same with other settings of compaction. */
    public LogConfig with(CompactionConfig settings) {
        return new LogConfig(
                segmentBytes,
                segmentMs,
                indexIntervalBytes,
                indexMaxBytes,
                retentionMs,
                retentionBytes,
                fileDeleteDelayMs,
                deletes,
                messageTimestampAfterMaxMs,
                segmentJitterMs,
                settings);
    }
}
