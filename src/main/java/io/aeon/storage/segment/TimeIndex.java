package io.aeon.storage.segment;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sparse map from time to offset of one segment: at some batches the largest timestamp so far and the last offset of the
 * batch that brought it. Thinned like {@link OffsetIndex}. One writer, any readers.
 */
final class TimeIndex {
    /** Bytes of an entry in Kafka's .timeindex file: timestamp, eight, and relative offset, four. */
    static final int ENTRY_BYTES = 12;

    private static final int FIRST_CAPACITY = 8;

    private final long baseOffset;
    private volatile Entries entries = new Entries(new long[FIRST_CAPACITY], new int[FIRST_CAPACITY], 0);

    TimeIndex(long baseOffset) {
        this.baseOffset = baseOffset;
    }

    /** What readers see; slots below {@code count} never change. */
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

    /** Does nothing unless {@code timestamp} is larger than any before. */
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

    /** The last entry that is not after {@code timestamp}; no batch before its one is at or after {@code timestamp}. */
    MaxTimestamp floor(long timestamp) {
        Entries now = entries;
        int slot = Arrays.binarySearch(now.timestamps, 0, now.count, timestamp);
        return entry(now, slot >= 0 ? slot : -slot - 2);
    }

    /** The largest timestamp. */
    MaxTimestamp last() {
        Entries now = entries;
        return entry(now, now.count - 1);
    }

    private MaxTimestamp entry(Entries from, int slot) {
        return slot < 0 ? MaxTimestamp.NONE : new MaxTimestamp(from.timestamps[slot], baseOffset + from.offsets[slot]);
    }

    /** The .timeindex file's bytes for the entries below {@code endOffset}, closed by {@code max} as Kafka does. */
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

    /** The index that {@code bytes} hold, or null when they cannot be one. */
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

    /** Keeps the last one, for it says what the largest timestamp is. */
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
