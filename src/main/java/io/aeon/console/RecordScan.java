package io.aeon.console;

import io.aeon.console.RecordReader.OffsetRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Goes through the partitions of a topic step by step, forwards or backwards, until enough records are found, and
 * remembers where it stopped. Each step reads a range of each partition, forwards in any case. Not thread-safe.
 */
final class RecordScan {
    private static final long LEAST_STEP = 8;
    private static final long LONGEST_STEP = 5_000;
    private static final int WIDER = 4;
    private static final int SMALL_TOPIC = 10;

    private final boolean newestFirst;
    private final Map<Integer, OffsetRange> whole;
    private final Map<Integer, Long> positions;
    private final Map<Integer, List<ShownRecord>> found = new TreeMap<>();

    /**
     * Reads ranges of partitions and passes on the records that are looked for, those of a partition in their order.
     */
    interface Source {
        void read(Map<Integer, OffsetRange> ranges, Consumer<ShownRecord> found) throws IOException;
    }

    /**
     * What was found.
     *
     * @param positions where the next scan goes on
     */
    record ScanResult(List<ShownRecord> records, Map<Integer, Long> positions) {}

    /**
     * @param whole what there is of each partition
     * @param positions the first offset to read of each partition; backwards the one behind it
     */
    RecordScan(boolean newestFirst, Map<Integer, OffsetRange> whole, Map<Integer, Long> positions) {
        this.newestFirst = newestFirst;
        this.whole = whole;
        this.positions = new TreeMap<>(positions);
        whole.keySet().forEach(partition -> found.put(partition, new ArrayList<>()));
    }

    /**
     * Looks for {@code wanted} records.
     *
     * @param isLate asked before each step but the first: whether to stop with what there is
     */
    ScanResult find(int wanted, Source source, BooleanSupplier isLate) throws IOException {
        long step = whole.size() <= SMALL_TOPIC ? wanted : Math.max(LEAST_STEP, 2L * wanted / whole.size());
        do {
            step(step, source);
            step = Math.min(step * WIDER, LONGEST_STEP);
        } while (count() < wanted && !isOver() && !isLate.getAsBoolean());
        return merged(wanted);
    }

    private void step(long length, Source source) throws IOException {
        Map<Integer, OffsetRange> ranges = new TreeMap<>();
        whole.forEach((partition, all) -> ranges.put(partition, next(all, position(partition), length)));
        Map<Integer, List<ShownRecord>> read = new TreeMap<>();
        source.read(
                ranges,
                record -> read.computeIfAbsent(record.partition(), none -> new ArrayList<>())
                        .add(record));
        ranges.forEach((partition, range) -> positions.put(partition, newestFirst ? range.from() : range.to()));
        read.forEach((partition, records) -> {
            if (newestFirst) {
                Collections.reverse(records);
            }
            kept(partition).addAll(records);
        });
    }

    private OffsetRange next(OffsetRange all, long position, long length) {
        long inside = Math.max(all.from(), Math.min(position, all.to()));
        return newestFirst
                ? new OffsetRange(Math.max(all.from(), inside - length), inside)
                : new OffsetRange(inside, Math.min(all.to(), inside + length));
    }

    private long position(int partition) {
        return positions.getOrDefault(partition, 0L);
    }

    private List<ShownRecord> kept(int partition) {
        return found.getOrDefault(partition, List.of());
    }

    private int count() {
        return found.values().stream().mapToInt(List::size).sum();
    }

    private boolean isOver() {
        return whole.entrySet().stream()
                .allMatch(each ->
                        next(each.getValue(), position(each.getKey()), 1).isEmpty());
    }

    /**
     * The records of all partitions by their time, those of one partition in its order. The next scan finds the rest.
     */
    private ScanResult merged(int wanted) {
        Map<Integer, Integer> taken = new TreeMap<>();
        List<ShownRecord> merged = new ArrayList<>();
        Comparator<ShownRecord> order = Comparator.comparingLong(ShownRecord::timestamp);
        while (merged.size() < wanted && merged.size() < count()) {
            ShownRecord next = found.values().stream()
                    .map(records -> head(records, taken))
                    .flatMap(List::stream)
                    .min(newestFirst ? order.reversed() : order)
                    .orElseThrow();
            merged.add(next);
            taken.merge(next.partition(), 1, Integer::sum);
        }
        found.forEach((partition, records) -> head(records, taken)
                .forEach(first -> positions.put(partition, newestFirst ? first.offset() + 1 : first.offset())));
        return new ScanResult(List.copyOf(merged), Map.copyOf(positions));
    }

    /** The first record that is not taken, as a list of at most one. */
    private static List<ShownRecord> head(List<ShownRecord> records, Map<Integer, Integer> taken) {
        int skipped = records.isEmpty() ? 0 : taken.getOrDefault(records.get(0).partition(), 0);
        return skipped < records.size() ? List.of(records.get(skipped)) : List.of();
    }
}
