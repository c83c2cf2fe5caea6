package io.aeon.storage.compaction;

/**
 * The progress of a log's compaction.
 *
 * @param cleanedTo first offset that no completed pass has cleaned
 * @param gapsTo first offset from which on no record may be missing; an interrupted pass may have left gaps below it
 */
public record CleanPoint(long cleanedTo, long gapsTo) {
    /** The value for a log that was never compacted. */
    public static final CleanPoint NONE = new CleanPoint(0, 0);
}
