package io.aeon.storage.log;

import io.aeon.storage.compaction.CompactionConfig;
import io.aeon.storage.segment.SegmentConfig;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The topic settings that one log uses. Names and meanings are Kafka's.
 *
 * @param segments when segments are rolled, how they are indexed, and when their files are deleted
 * @param retentionMs minimum milliseconds for which a record is kept, -1 for no limit
 * @param retentionBytes maximum bytes of the log before old segments are removed, -1 for no limit
 * @param deletes whether retention applies (cleanup.policy contains delete)
 * @param messageTimestampAfterMaxMs maximum milliseconds by which a record's timestamp may be in the future and still
 *     count for retention
 * @param compaction when and how old values are removed
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

    /** A hash of the settings: equal settings have equal hashes in every process. */
    public int fingerprint() {
        CRC32C crc = new CRC32C();
        crc.update(toString().getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /** The settings of a log that is not compacted and rolls without jitter. */
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

    /** A copy with other compaction settings. */
    public LogConfig with(CompactionConfig settings) {
        return new LogConfig(segments, retentionMs, retentionBytes, deletes, messageTimestampAfterMaxMs, settings);
    }
}
