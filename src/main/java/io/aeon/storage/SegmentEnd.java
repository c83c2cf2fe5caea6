package io.aeon.storage;

import org.jspecify.annotations.Nullable;

/**
 * How far a segment reaches, published as one value so that no reader sees bytes without their offsets.
 *
 * @param position bytes of whole batches
 * @param nextOffset offset after its last record
 * @param lastBatch position of its last batch, -1 if it has none or nobody has looked
 * @param lastCrc the CRC in that batch's header
 * @param max its largest timestamp, null if nobody has looked
 */
record SegmentEnd(
        int position,
        long nextOffset,
        int lastBatch,
        int lastCrc,
        @Nullable MaxTimestamp max) {
    MaxTimestamp maxOrNone() {
        return max == null ? MaxTimestamp.NONE : max;
    }

    static SegmentEnd empty(long baseOffset) {
        return new SegmentEnd(0, baseOffset, -1, 0, MaxTimestamp.NONE);
    }
}
