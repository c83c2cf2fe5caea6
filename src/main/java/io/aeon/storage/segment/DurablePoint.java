package io.aeon.storage.segment;

/**
 * A place in the log up to which all is on the disk.
 *
 * @param segmentBase base offset of the segment it lies in
 * @param end how far that segment is durable; all segments before it are durable as a whole
 */
public record DurablePoint(long segmentBase, SegmentEnd end) {
    /** All below is on the disk. */
    public long offset() {
        return end.nextOffset();
    }
}
