package io.aeon.storage.compaction;

/**
 * How far a log was compacted.
 *
 * @param cleanedTo first offset that no pass has come to the end with
 * @param gapsTo first offset from which on every offset must still have its record; a pass cut short may have left gaps
 *     below
 */
public record CleanPoint(long cleanedTo, long gapsTo) {
    /** Of a log that was never compacted. */
    public static final CleanPoint NONE = new CleanPoint(0, 0);
}
