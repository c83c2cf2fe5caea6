package io.aeon.storage.segment;

import org.jspecify.annotations.Nullable;

/**
 * Where the readers of one segment go on: who has got batches asks next for what follows them, and that is known without a
 * look into the file. Readers at many places crowd each other out, which costs them that look. Thread-safe.
 */
final class ReadPoints {
    /** Nobody knows. */
    static final int UNKNOWN = -1;

    private static final int SLOT_BITS = 3;
    private static final int SLOTS = 1 << SLOT_BITS;
    /** Spreads offsets that lie near each other. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Races between threads lose a point at most: each is whole or not there. */
    private volatile @Nullable Point @Nullable [] points;

    /** A batch that holds {@code offset} starts at {@code position}, or will when it is appended. */
    private record Point(long offset, int position) {}

    void add(long offset, int position) {
        @Nullable Point[] known = points;
        if (known == null) {
            known = new Point[SLOTS];
            points = known;
        }
        known[slot(offset)] = new Point(offset, position);
    }

    /** Where the batch starts that holds {@code offset}, or {@link #UNKNOWN}. */
    int position(long offset) {
        @Nullable Point[] known = points;
        Point point = known == null ? null : known[slot(offset)];
        return point != null && point.offset() == offset ? point.position() : UNKNOWN;
    }

    private static int slot(long offset) {
        return (int) ((offset * SPREAD) >>> (Long.SIZE - SLOT_BITS));
    }
}
