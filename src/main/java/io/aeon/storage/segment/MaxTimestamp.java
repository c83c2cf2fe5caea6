package io.aeon.storage.segment;

/**
 * The largest timestamp of some batches.
 *
 * @param timestamp milliseconds since the epoch, -1 if no record has one
 * @param offset last offset of the first batch that has it, -1 if none
 */
public record MaxTimestamp(long timestamp, long offset) {
    /** Of no record at all. */
    public static final MaxTimestamp NONE = new MaxTimestamp(-1, -1);
}
