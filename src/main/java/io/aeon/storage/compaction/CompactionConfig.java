package io.aeon.storage.compaction;

/**
 * What compaction needs to know of a topic's settings. Names and meanings are Kafka's.
 *
 * @param enabled whether cleanup.policy names compact
 * @param minDirtyRatio part of the log's bytes that must be dirty before a pass
 * @param minLagMs milliseconds a record stays as it is at least
 * @param maxLagMs milliseconds after which a dirty record is due for a pass whatever the ratio
 * @param deleteRetentionMs milliseconds a tombstone, or a transaction's spent marker, stays after the pass that met it
 */
public record CompactionConfig(
        boolean enabled, double minDirtyRatio, long minLagMs, long maxLagMs, long deleteRetentionMs) {

    /** A log that is not compacted. */
    public static final CompactionConfig OFF = new CompactionConfig(false, 0.5, 0, Long.MAX_VALUE, 86_400_000L);

    /** When to roll a segment that must not wait longer than this for the next: only rolled ones can be compacted. */
    public long rollMs(long segmentMs) {
        return enabled && maxLagMs > 0 ? Math.min(segmentMs, maxLagMs) : segmentMs;
    }
}
