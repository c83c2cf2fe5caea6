package io.aeon.storage.compaction;

/**
 * How much a log wants to be compacted.
 *
 * @param dirtyRatio part of the bytes that could be cleaned now that is dirty
 * @param dueMs when to look again, in milliseconds since the epoch; {@link #NOW} if a pass is due, {@link #NEVER} if none
 *     will be before more is appended
 */
public record CompactionNeed(double dirtyRatio, long dueMs) {
    public static final long NOW = 0;
    public static final long NEVER = Long.MAX_VALUE;

    static final CompactionNeed NONE = new CompactionNeed(0, NEVER);

    public boolean isDue() {
        return dueMs == NOW;
    }
}
