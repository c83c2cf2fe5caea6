package io.aeon.storage.segment;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sparse index of one segment from time to offset: for some batches, the largest timestamp so far and the last offset
 * of the batch with that timestamp. Thinned like {@link OffsetIndex}. One writer, any number of readers.
 */
final class TimeIndex {
    /** Bytes of an entry in Kafka's .timeindex file: eight for the timestamp, four for the relative offset. */
    static final int ENTRY_BYTES = 12;

    private static final int FIRST_CAPACITY = 8;

    private final long baseOffset;
    private volatile Entries entries = new Entries(new long[FIRST_CAPACITY], new int[FIRST_CAPACITY], 0);

    TimeIndex(long baseOffset) {
        this.baseOffset = baseOffset;
    }

    /** The published entries; slots below {@code count} never change. */
    private static final class Entries {
        private final long[] timestamps;
        private final int[] offsets;
        private final int count;

        Entries(long[] timestamps, int[] offsets, int count) {
            this.timestamps = timestamps;
            this.offsets = offsets;
            this.count = count;
        }
    }

    /** Adds an entry if {@code timestamp} is larger than all earlier ones. */
    void add(long timestamp, long offset) {
        Entries now = entries;
        if (timestamp < 0 || (now.count > 0 && timestamp <= now.timestamps[now.count - 1])) {
            return;
        }
        if (now.count == OffsetIndex.MAX_ENTRIES) {
            now = everySecond(now);
        }
        int count = now.count;
        boolean full = count == now.offsets.length;
        long[] timestamps = full ? Arrays.copyOf(now.timestamps, 2 * count) : now.timestamps;
        int[] offsets = full ? Arrays.copyOf(now.offsets, 2 * count) : now.offsets;
        timestamps[count] = timestamp;
        offsets[count] = (int) (offset - baseOffset);
        entries = new Entries(timestamps, offsets, count + 1);
    }

    int count() {
        return entries.count;
    }

    /** The last entry at or before {@code timestamp}; all batches before its batch have earlier timestamps. */
    MaxTimestamp floor(long timestamp) {
        Entries now = entries;
        int slot = Arrays.binarySearch(now.timestamps, 0, now.count, timestamp);
        return entry(now, slot >= 0 ? slot : -slot - 2);
    }

    /** The entry with the largest timestamp. */
    MaxTimestamp last() {
        Entries now = entries;
        return entry(now, now.count - 1);
    }

    private MaxTimestamp entry(Entries from, int slot) {
        return slot < 0 ? MaxTimestamp.NONE : new MaxTimestamp(from.timestamps[slot], baseOffset + from.offsets[slot]);
    }

    /** The contents of the .timeindex file: the entries below {@code endOffset} and then {@code max}, as in Kafka. */
    ByteBuffer encode(long endOffset, MaxTimestamp max) {
        Entries now = entries;
        ByteBuffer bytes = ByteBuffer.allocate((now.count + 1) * ENTRY_BYTES);
        long largest = -1;
        for (int slot = 0; slot < now.count && baseOffset + now.offsets[slot] < endOffset; slot++) {
            largest = now.timestamps[slot];
            bytes.putLong(largest).putInt(now.offsets[slot]);
        }
        if (max.timestamp() > largest) {
            bytes.putLong(max.timestamp()).putInt((int) (max.offset() - baseOffset));
        }
        return bytes.flip();
    }

    /** The index in {@code bytes}, null if the bytes are invalid. */
    static @Nullable TimeIndex decode(long baseOffset, ByteBuffer bytes) {
        int count = bytes.remaining() / ENTRY_BYTES;
        if (bytes.remaining() % ENTRY_BYTES != 0) {
            return null;
        }
        TimeIndex index = new TimeIndex(baseOffset);
        long timestamp = -1;
        int offset = -1;
        for (int slot = 0; slot < count; slot++) {
            long nextTimestamp = bytes.getLong();
            int nextOffset = bytes.getInt();
            if (nextTimestamp <= timestamp || nextOffset <= offset) {
                return null;
            }
            timestamp = nextTimestamp;
            offset = nextOffset;
            index.add(timestamp, baseOffset + offset);
        }
        return index;
    }

    /** Keeps the last entry, because it contains the largest timestamp. */
    private static Entries everySecond(Entries all) {
        int half = all.count / 2;
        long[] timestamps = new long[all.timestamps.length];
        int[] offsets = new int[all.offsets.length];
        for (int slot = 0; slot < half; slot++) {
            timestamps[slot] = all.timestamps[2 * slot + 1];
            offsets[slot] = all.offsets[2 * slot + 1];
        }
        return new Entries(timestamps, offsets, half);
    }
}
