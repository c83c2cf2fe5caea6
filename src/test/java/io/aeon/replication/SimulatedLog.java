package io.aeon.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A log and its leader epochs. A crash leaves what was forced, and any part of the rest. */
final class SimulatedLog {
    private int[] epochs = new int[32];
    private Entry[] entries = new Entry[32];
    private final int[] epochNumbers = new int[200];
    private final int[] epochStarts = new int[200];
    private int epochCount;
    private int start;
    private int end;
    private int durable;

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int durable() {
        return durable;
    }

    /** The record at this offset; null below the start of a log that was started anew. */
    @Nullable
    Entry at(int offset) {
        return entries[offset];
    }

    int latestEpoch() {
        return epochCount == 0 ? -1 : epochNumbers[epochCount - 1];
    }

    void append(int epoch, Entry entry) {
        begin(epoch);
        if (end == entries.length) {
            epochs = Arrays.copyOf(epochs, 2 * end);
            entries = Arrays.copyOf(entries, 2 * end);
        }
        epochs[end] = epoch;
        entries[end++] = entry;
    }

    /** Notes that a leader epoch begins here, unless it has begun already. An epoch without records is forgotten. */
    void begin(int epoch) {
        if (epoch == latestEpoch()) {
            return;
        }
        if (epochCount > 0 && epochStarts[epochCount - 1] >= end) {
            epochCount--;
        }
        epochNumbers[epochCount] = epoch;
        epochStarts[epochCount++] = end;
    }

    Batch read(int from, int most) {
        int to = Math.min(end, from + most);
        List<Integer> epochsOfRecords = new ArrayList<>(to - from);
        for (int offset = from; offset < to; offset++) {
            epochsOfRecords.add(epochs[offset]);
        }
        return new Batch(from, epochsOfRecords, List.of(Arrays.copyOfRange(entries, from, to)));
    }

    EpochEnd endOf(int epoch) {
        if (epoch < 0 || epoch > latestEpoch()) {
            return new EpochEnd(-1, -1);
        }
        if (epoch == latestEpoch()) {
            return new EpochEnd(epoch, end);
        }
        int higher = 0;
        while (epochNumbers[higher] <= epoch) {
            higher++;
        }
        return new EpochEnd(higher == 0 ? epoch : epochNumbers[higher - 1], epochStarts[higher]);
    }

    LogPosition position() {
        return new LogPosition(start, end, latestEpoch());
    }

    void truncate(int offset) {
        end = Math.min(end, offset);
        durable = Math.min(durable, end);
        forgetEpochsFrom(end);
    }

    private void forgetEpochsFrom(int offset) {
        while (epochCount > 0 && epochStarts[epochCount - 1] >= offset) {
            epochCount--;
        }
    }

    void startAnew(int offset) {
        epochCount = 0;
        while (entries.length < offset) {
            epochs = Arrays.copyOf(epochs, 2 * epochs.length);
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        Arrays.fill(entries, 0, offset, null);
        start = offset;
        end = offset;
        durable = offset;
    }

    void advanceStart(int offset) {
        start = Math.max(start, Math.min(offset, end));
    }

    void force() {
        durable = end;
    }

    void crash(Random random) {
        end = durable + random.nextInt(end - durable + 1);
        durable = end;
        start = Math.min(start, end);
        forgetEpochsFrom(end);
    }

    /** The last record of a producer that the log knows, or null. */
    @Nullable
    Entry lastOf(int producer) {
        int offset = lastBelow(end, producer);
        return offset < 0 ? null : entries[offset];
    }

    /** The offset of the last record of a producer below a limit; -1 if there is none. */
    int lastBelow(int limit, int producer) {
        int offset = limit - 1;
        while (offset >= 0 && entries[offset] != null && entries[offset].producer != producer) {
            offset--;
        }
        return offset >= 0 && entries[offset] != null ? offset : -1;
    }

    /** The offset of a record equal to {@code entry}; -1 if there is none. */
    int find(Entry entry) {
        for (int offset = end - 1; offset >= 0 && entries[offset] != null; offset--) {
            Entry each = entries[offset];
            if (each.kind == entry.kind
                    && each.producer == entry.producer
                    && each.epoch == entry.epoch
                    && each.sequence == entry.sequence) {
                return offset;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[" + start);
        for (int offset = start; offset < end; offset++) {
            text.append(offset == durable ? " | " : " ")
                    .append(epochs[offset])
                    .append(':')
                    .append(entries[offset]);
        }
        return text.append(" ]").toString();
    }
}
