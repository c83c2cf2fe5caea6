package io.aeon.benchmarks.growth;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** What grows, and by which steps. */
enum Axis {
    PARTITIONS("partitions of the topic", Axis::count, Partitions::measure, 1, 10, 100, 1000, 10_000),
    CONNECTIONS("connections", Axis::count, Connections::measure, 1, 10, 100, 1000),
    RECORD_SIZE("size of a record", Axis::bytes, RecordSize::measure, 10, 100, 1 << 10, 10 << 10, 100 << 10, 1 << 20),
    LOG_SIZE("size of the partition's log", gib -> gib + " GiB", LogSize::measure, 1, 5, 10, 20);

    final String title;
    final List<Integer> points;
    final Load load;
    private final IntFunction<String> label;

    /** Measures every point on a broker that is new. */
    interface Load {
        void run(Turn turn) throws Exception;
    }

    Axis(String title, IntFunction<String> label, Load load, Integer... points) {
        this.title = title;
        this.label = label;
        this.load = load;
        this.points = List.of(points);
    }

    String label(int point) {
        return label.apply(point);
    }

    private static String count(int point) {
        return String.format(Locale.ROOT, "%,d", point);
    }

    private static String bytes(int point) {
        return point >= 1 << 20 ? (point >> 20) + " MiB" : point >= 1 << 10 ? (point >> 10) + " KiB" : point + " B";
    }

    /** As on the command line and in the names of files. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
