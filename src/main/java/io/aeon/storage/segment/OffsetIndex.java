package io.aeon.storage.segment;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sparse index of one segment from offset to file position: for some batches, the last offset and the batch's position.
 * The index of a large segment is thinned, so that it never has more than {@link #MAX_ENTRIES} entries on the heap; a
 * lookup then reads more batch headers. One writer, any number of readers.
 */
public final class OffsetIndex {
    /** Bytes of an entry in Kafka's .index file: relative offset and position, four bytes each. */
    public static final int ENTRY_BYTES = 8;

    /** The limit for a segment of any size, because each entry uses memory. */
    public static final int MAX_ENTRIES = 4096;

    private static final int FIRST_CAPACITY = 8;

    private final long baseOffset;
    private volatile Entries entries = new Entries(new int[FIRST_CAPACITY], new int[FIRST_CAPACITY], 0);
    private int nth;
    private int stride = 1;

    OffsetIndex(long baseOffset) {
        this.baseOffset = baseOffset;
    }

    /** The published entries; slots below {@code count} never change. */
    private static final class Entries {
        private final int[] offsets;
        private final int[] positions;
        private final int count;

        Entries(int[] offsets, int[] positions, int count) {
            this.offsets = offsets;
            this.positions = positions;
            this.count = count;
        }
    }

    /**
     * One entry.
     *
     * @param lastOffset last offset of the batch; -1 for the entry at the start of the segment, which has no known
     *     offset
     * @param position position of the batch
     */
    public record Entry(long lastOffset, int position) {}

    void add(long lastOffset, int position) {
        if (nth++ % stride != 0) {
            return;
        }
        Entries now = entries;
        if (now.count == MAX_ENTRIES) {
            now = everySecond(now);
            stride *= 2;
        }
        int count = now.count;
        boolean full = count == now.offsets.length;
        int[] offsets = full ? Arrays.copyOf(now.offsets, 2 * count) : now.offsets;
        int[] positions = full ? Arrays.copyOf(now.positions, 2 * count) : now.positions;
        offsets[count] = (int) (lastOffset - baseOffset);
        positions[count] = position;
        entries = new Entries(offsets, positions, count + 1);
    }

    int count() {
        return entries.count;
    }

    /** The last known batch at or before the batch that contains {@code offset}. */
    public Entry floor(long offset) {
        Entries now = entries;
        long relative = Math.min(offset - baseOffset, Integer.MAX_VALUE);
        return entry(now, floor(now.offsets, now.count, (int) relative));
    }

    /** The last known batch at or before {@code position}. */
    Entry floorOfPosition(int position) {
        Entries now = entries;
        return entry(now, floor(now.positions, now.count, position));
    }

    /** Position of the last batch with an entry. */
    int lastPosition() {
        Entries now = entries;
        return now.count == 0 ? 0 : now.positions[now.count - 1];
    }

    /** The contents of the .index file: the entries below {@code endPosition}. */
    ByteBuffer encode(int endPosition) {
        Entries now = entries;
        ByteBuffer bytes = ByteBuffer.allocate(now.count * ENTRY_BYTES);
        for (int slot = 0; slot < now.count && now.positions[slot] < endPosition; slot++) {
            bytes.putInt(now.offsets[slot]).putInt(now.positions[slot]);
        }
        return bytes.flip();
    }

    /** The index in {@code bytes}, null if the bytes are invalid for a segment of {@code segmentSize} bytes. */
    static @Nullable OffsetIndex decode(long baseOffset, ByteBuffer bytes, int segmentSize) {
        int count = bytes.remaining() / ENTRY_BYTES;
        if (bytes.remaining() % ENTRY_BYTES != 0) {
            return null;
        }
        OffsetIndex index = new OffsetIndex(baseOffset);
        int offset = -1;
        int position = -1;
        for (int slot = 0; slot < count; slot++) {
            int nextOffset = bytes.getInt();
            int nextPosition = bytes.getInt();
            if (nextOffset <= offset || nextPosition <= position || nextPosition >= segmentSize) {
                return null;
            }
            offset = nextOffset;
            position = nextPosition;
            index.add(baseOffset + offset, position);
        }
        return index;
    }

    private Entry entry(Entries from, int slot) {
        return slot < 0 ? new Entry(-1, 0) : new Entry(baseOffset + from.offsets[slot], from.positions[slot]);
    }

    private static Entries everySecond(Entries all) {
        int half = all.count / 2;
        int[] offsets = new int[all.offsets.length];
        int[] positions = new int[all.positions.length];
        for (int slot = 0; slot < half; slot++) {
            offsets[slot] = all.offsets[2 * slot];
            positions[slot] = all.positions[2 * slot];
        }
        return new Entries(offsets, positions, half);
    }

    private static int floor(int[] sorted, int count, int key) {
        int slot = Arrays.binarySearch(sorted, 0, count, key);
        return slot >= 0 ? slot : -slot - 2;
    }
}
