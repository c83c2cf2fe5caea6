package io.aeon.storage.segment;

/**
 * The largest timestamp of a set of batches.
 *
 * @param timestamp milliseconds since the epoch, -1 if no record has one
 * @param offset last offset of the first batch with this timestamp, -1 if there is none
 */
public record MaxTimestamp(long timestamp, long offset) {
    /** The value for a set without records. */
    public static final MaxTimestamp NONE = new MaxTimestamp(-1, -1);
}
