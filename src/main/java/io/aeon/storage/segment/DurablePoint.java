package io.aeon.storage.segment;

/**
 * A place in the log; everything before it is durable.
 *
 * @param segmentBase base offset of the segment that contains the place
 * @param end how far that segment is durable; all earlier segments are durable as a whole
 */
public record DurablePoint(long segmentBase, SegmentEnd end) {
    /** Every record below this offset is durable. */
    public long offset() {
        return end.nextOffset();
    }
}
