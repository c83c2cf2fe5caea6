package io.aeon.storage.segment;

/** Both indexes of one segment, filled batch by batch by Kafka's rules. One writer, any number of readers. */
public final class SegmentIndex {
    private final OffsetIndex offsets;
    private final TimeIndex times;
    private int bytesSinceEntry;
    private MaxTimestamp max;

    /** The indexes of an empty segment. */
    public SegmentIndex(long baseOffset) {
        this(new OffsetIndex(baseOffset), new TimeIndex(baseOffset), 0);
    }

    /** Continues the loaded indexes of the first {@code size} bytes. */
    public SegmentIndex(OffsetIndex offsets, TimeIndex times, int size) {
        this.offsets = offsets;
        this.times = times;
        this.bytesSinceEntry = size - offsets.lastPosition();
        this.max = times.last();
    }

    /** The index from offset to position. */
    public OffsetIndex offsets() {
        return offsets;
    }

    TimeIndex times() {
        return times;
    }

    /** Largest timestamp of all batches so far; only for the writer. */
    public MaxTimestamp max() {
        return max;
    }

    /** Ends the indexes: the time index's last entry is the largest timestamp, as in Kafka's files. */
    void close() {
        times.add(max.timestamp(), max.offset());
    }

    /** Adds the next batch of the segment. */
    public void add(int position, int size, long lastOffset, long maxTimestamp, int intervalBytes) {
        if (maxTimestamp > max.timestamp()) {
            max = new MaxTimestamp(maxTimestamp, lastOffset);
        }
        if (bytesSinceEntry > intervalBytes) {
            offsets.add(lastOffset, position);
            times.add(max.timestamp(), max.offset());
            bytesSinceEntry = 0;
        }
        bytesSinceEntry += size;
    }
}
