package io.aeon.console;

import io.aeon.console.RecordReader.OffsetRange;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Goes through the partitions of a topic step by step, forwards or backwards, until enough records are found, and
 * remembers where it stopped. Each step reads a range of each partition, forwards in any case. Keeps at most a few
 * times the records that are wanted, however many match. Not thread-safe.
 */
final class RecordScan {
    private static final long LEAST_STEP = 8;
    private static final long LONGEST_STEP = 5_000;
    private static final int WIDER = 4;
    private static final int SMALL_TOPIC = 10;
    /** Times the records that are wanted: a step that finds more drops those that come last. */
    private static final int MOST_KEPT = 4;

    private final boolean newestFirst;
    private final Map<Integer, OffsetRange> whole;
    private final Map<Integer, Long> positions;
    private final Map<Integer, Deque<ShownRecord>> found = new TreeMap<>();
    /** Partitions of which records were dropped, with the position of the first of them. */
    private final Map<Integer, Long> dropped = new TreeMap<>();

    /** Reads ranges of partitions. */
    interface Source {
        /**
         * Passes on the records that are looked for, those of a partition in their order.
         *
         * @return by partition the offset behind the last one that was read: less than the end of the range where the
         *     time is over
         */
        Map<Integer, Long> read(Map<Integer, OffsetRange> ranges, Consumer<ShownRecord> found) throws IOException;
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
    }

    /**
     * Looks for {@code wanted} records.
     *
     * @param isLate asked before each step but the first: whether to stop with what there is
     * @throws IOException nothing could be read in time
     */
    ScanResult find(int wanted, Source source, BooleanSupplier isLate) throws IOException {
        Map<Integer, Long> begin = Map.copyOf(positions);
        long step = whole.size() <= SMALL_TOPIC ? wanted : Math.max(LEAST_STEP, 2L * wanted / whole.size());
        Map<Integer, Long> before;
        do {
            before = Map.copyOf(positions);
            step(step, wanted, source);
            step = Math.min(step * WIDER, LONGEST_STEP);
        } while (count() < wanted && !positions.equals(before) && !isOver() && !isLate.getAsBoolean());
        if (positions.equals(begin) && !isOver()) {
            throw new IOException("no records could be read in time");
        }
        return result(wanted);
    }

    private void step(long length, int wanted, Source source) throws IOException {
        dropped.clear();
        Map<Integer, OffsetRange> ranges = new TreeMap<>();
        whole.forEach((partition, all) -> ranges.put(partition, next(all, position(partition), length)));
        Step step = new Step(wanted);
        Map<Integer, Long> reached = source.read(ranges, step::add);
        ranges.forEach((partition, range) -> {
            long end = reached.getOrDefault(partition, range.from());
            if (!newestFirst) {
                positions.put(partition, Math.max(range.from(), Math.min(end, range.to())));
            } else if (end >= range.to()) {
                positions.put(partition, range.from());
            } else {
                // The records that come first were not read.
                step.forget(partition);
            }
        });
        positions.putAll(dropped);
        step.read.forEach((partition, records) -> of(found, partition).addAll(records));
    }

    /** The records of one step, those of a partition in the order of the scan. */
    private final class Step {
        private final int wanted;
        private final Map<Integer, Deque<ShownRecord>> read = new TreeMap<>();
        private int size;

        Step(int wanted) {
            this.wanted = wanted;
        }

        void add(ShownRecord record) {
            Deque<ShownRecord> records = of(read, record.partition());
            if (newestFirst) {
                records.addFirst(record);
            } else if (!dropped.containsKey(record.partition())) {
                records.addLast(record);
            } else {
                return;
            }
            size++;
            if (size > MOST_KEPT * wanted + 2 * whole.size()) {
                drop();
            }
        }

        /**
         * Drops the records that come behind the first {@code wanted}, but for one of each partition, which tells what
         * comes before it; a later scan finds them again.
         */
        private void drop() {
            List<ShownRecord> kept = new ArrayList<>(merged(wanted, read, Set.of()));
            read.forEach((partition, rest) -> {
                if (!rest.isEmpty()) {
                    kept.add(rest.remove());
                }
                if (!rest.isEmpty()) {
                    dropped.put(partition, position(rest.element()));
                    rest.clear();
                }
            });
            kept.forEach(record -> of(read, record.partition()).addLast(record));
            size = kept.size();
        }

        void forget(int partition) {
            read.remove(partition);
            dropped.remove(partition);
        }
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

    /** Where a scan begins whose first record is {@code record}. */
    private long position(ShownRecord record) {
        return newestFirst ? record.offset() + 1 : record.offset();
    }

    private static Deque<ShownRecord> of(Map<Integer, Deque<ShownRecord>> records, int partition) {
        return records.computeIfAbsent(partition, none -> new ArrayDeque<>());
    }

    private int count() {
        return found.values().stream().mapToInt(Deque::size).sum();
    }

    private boolean isOver() {
        return whole.entrySet().stream()
                .allMatch(each ->
                        next(each.getValue(), position(each.getKey()), 1).isEmpty());
    }

    private ScanResult result(int wanted) {
        List<ShownRecord> merged = merged(wanted, found, dropped.keySet());
        found.forEach((partition, rest) -> {
            if (!rest.isEmpty()) {
                positions.put(partition, position(rest.element()));
            }
        });
        return new ScanResult(merged, Map.copyOf(positions));
    }

    /**
     * Takes the first records of all partitions by their time, those of one partition in its order.
     *
     * @param endless partitions that have more records: none is taken that may come behind those
     */
    private List<ShownRecord> merged(int wanted, Map<Integer, Deque<ShownRecord>> records, Set<Integer> endless) {
        Comparator<ShownRecord> byTime = Comparator.comparingLong(ShownRecord::timestamp);
        PriorityQueue<ShownRecord> heads =
                new PriorityQueue<>((newestFirst ? byTime.reversed() : byTime).thenComparing(ShownRecord::partition));
        records.values().stream().map(Deque::poll).filter(Objects::nonNull).forEach(heads::add);
        List<ShownRecord> merged = new ArrayList<>();
        boolean goesOn = true;
        while (goesOn && merged.size() < wanted && !heads.isEmpty()) {
            ShownRecord first = heads.remove();
            merged.add(first);
            ShownRecord next = of(records, first.partition()).poll();
            if (next != null) {
                heads.add(next);
            }
            goesOn = next != null || !endless.contains(first.partition());
        }
        heads.forEach(head -> of(records, head.partition()).addFirst(head));
        return List.copyOf(merged);
    }
}
