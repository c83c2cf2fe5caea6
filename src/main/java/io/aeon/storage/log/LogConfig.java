package io.aeon.storage.log;

import io.aeon.storage.compaction.CompactionConfig;
import io.aeon.storage.segment.SegmentConfig;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What one log needs to know of its topic's settings. Names and meanings are Kafka's.
 *
 * @param segments when segments are rolled, how they are indexed, when they leave the disk
 * @param retentionMs milliseconds a record is kept at least, -1 for ever
 * @param retentionBytes bytes the log may hold before old segments go, -1 for no bound
 * @param deletes whether retention applies (cleanup.policy names delete)
 * @param messageTimestampAfterMaxMs how far in the future, in milliseconds, a record's timestamp may lie and still
 *     count for retention
 * @param compaction when and how old values go
 */
public record LogConfig(
        SegmentConfig segments,
        long retentionMs,
        long retentionBytes,
        boolean deletes,
        long messageTimestampAfterMaxMs,
        CompactionConfig compaction) {

    /** Kafka's defaults. */
    public static final LogConfig DEFAULT =
            new LogConfig(SegmentConfig.DEFAULT, 604_800_000L, -1L, true, 3_600_000L, CompactionConfig.OFF);

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
                new SegmentConfig(segmentBytes, segmentMs, 0, indexIntervalBytes, indexMaxBytes, fileDeleteDelayMs),
                retentionMs,
                retentionBytes,
                deletes,
                messageTimestampAfterMaxMs,
                CompactionConfig.OFF);
    }

    /** The same with other settings of compaction. */
    public LogConfig with(CompactionConfig settings) {
        return new LogConfig(segments, retentionMs, retentionBytes, deletes, messageTimestampAfterMaxMs, settings);
    }
}
