package io.aeon.storage.producer;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.TreeSet;

/**
 * The transactions that limit the last stable offset: open transactions, and ended ones whose marker is not below the
 * high watermark yet. Their first offsets are the keys.
 */
final class Transactions {
    private final TreeSet<Long> open = new TreeSet<>();
    private final TreeSet<Long> unstable = new TreeSet<>();
    private final Queue<Ended> ended = new ArrayDeque<>();

    private record Ended(long firstOffset, long markerOffset) {}

    void begin(long firstOffset) {
        open.add(firstOffset);
        unstable.add(firstOffset);
    }

    /** Ends a transaction; returns the last stable offset that applies when the marker is below the high watermark. */
    long end(long firstOffset, long markerOffset) {
        open.remove(firstOffset);
        ended.add(new Ended(firstOffset, markerOffset));
        return open.isEmpty() ? markerOffset + 1 : open.first();
    }

    void clear() {
        open.clear();
        unstable.clear();
        ended.clear();
    }

    boolean isEmpty() {
        return unstable.isEmpty();
    }

    /** @param highWatermark at or above that of every earlier call */
    long lastStableOffset(long highWatermark) {
        for (Ended next = ended.peek(); next != null && next.markerOffset() < highWatermark; next = ended.peek()) {
            unstable.remove(ended.remove().firstOffset());
        }
        return unstable.isEmpty() ? highWatermark : Math.min(highWatermark, unstable.first());
    }
}
