package io.aeon.storage.producer;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.TreeSet;

/**
 * The transactions that keep the last stable offset down: those that are open, and those whose end is not yet below the
 * high watermark. Each goes by its first offset.
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

    /** Returns the last stable offset as it will be once the marker is below the high watermark. */
    long end(long firstOffset, long markerOffset) {
        open.remove(firstOffset);
        ended.add(new Ended(firstOffset, markerOffset));
        return open.isEmpty() ? markerOffset + 1 : open.first();
    }

    boolean isEmpty() {
        return unstable.isEmpty();
    }

    /** @param highWatermark not below that of any call before */
    long lastStableOffset(long highWatermark) {
        for (Ended next = ended.peek(); next != null && next.markerOffset() < highWatermark; next = ended.peek()) {
            unstable.remove(ended.remove().firstOffset());
        }
        return unstable.isEmpty() ? highWatermark : Math.min(highWatermark, unstable.first());
    }
}
