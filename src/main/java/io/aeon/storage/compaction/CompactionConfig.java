package io.aeon.storage.compaction;

/**
 * The topic settings that compaction uses. Names and meanings are Kafka's.
 *
 * @param enabled whether cleanup.policy contains compact
 * @param minDirtyRatio minimum dirty part of the log's bytes for a pass, from 0 to 1
 * @param minLagMs minimum milliseconds for which a record stays unchanged
 * @param maxLagMs milliseconds after which a dirty record requires a pass at any dirty ratio
 * @param deleteRetentionMs milliseconds for which a tombstone stays after the first pass over it
 */
public record CompactionConfig(
        boolean enabled, double minDirtyRatio, long minLagMs, long maxLagMs, long deleteRetentionMs) {

    /** The settings of a log that is not compacted. */
    public static final CompactionConfig OFF = new CompactionConfig(false, 0.5, 0, Long.MAX_VALUE, 86_400_000L);

    /** Maximum age of an active segment: compaction covers only rolled segments, so {@code maxLagMs} limits it. */
    public long rollMs(long segmentMs) {
        return enabled && maxLagMs > 0 ? Math.min(segmentMs, maxLagMs) : segmentMs;
    }
}
