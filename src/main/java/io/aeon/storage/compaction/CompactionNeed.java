package io.aeon.storage.compaction;

/**
 * How urgently a log needs compaction.
 *
 * @param dirtyRatio dirty part of the bytes that can be cleaned now, from 0 to 1
 * @param dueMs time of the next check, in milliseconds since the epoch; {@link #NOW} if a pass is due, {@link #NEVER}
 *     if no pass becomes due without further appends
 */
public record CompactionNeed(double dirtyRatio, long dueMs) {
    public static final long NOW = 0;
    public static final long NEVER = Long.MAX_VALUE;

    static final CompactionNeed NONE = new CompactionNeed(0, NEVER);

    public boolean isDue() {
        return dueMs == NOW;
    }
}
