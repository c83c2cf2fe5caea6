package io.aeon.storage.segment;

import org.jspecify.annotations.Nullable;

/**
 * The positions at which the readers of one segment continue. A reader that has received batches asks for the next
 * batch next; its position is remembered here, so that no index lookup is needed. Many readers at different places
 * replace each other's entries, which costs them only the index lookup. Thread-safe.
 */
final class ReadPoints {
    /** No entry for the offset. */
    static final int UNKNOWN = -1;

    private static final int SLOT_BITS = 3;
    private static final int SLOTS = 1 << SLOT_BITS;
    /** Distributes adjacent offsets over the slots. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** A race between threads can only lose an entry: an entry is complete or absent. */
    private volatile @Nullable Point @Nullable [] points;

    /** The batch with {@code offset} starts at {@code position}; the batch may not be appended yet. */
    private record Point(long offset, int position) {}

    void add(long offset, int position) {
        @Nullable Point[] known = points;
        if (known == null) {
            known = new Point[SLOTS];
            points = known;
        }
        known[slot(offset)] = new Point(offset, position);
    }

    /** Position of the batch with {@code offset}, or {@link #UNKNOWN}. */
    int position(long offset) {
        @Nullable Point[] known = points;
        Point point = known == null ? null : known[slot(offset)];
        return point != null && point.offset() == offset ? point.position() : UNKNOWN;
    }

    private static int slot(long offset) {
        return (int) ((offset * SPREAD) >>> (Long.SIZE - SLOT_BITS));
    }
}
