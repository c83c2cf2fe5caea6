package io.aeon.benchmarks.hostile;

import java.util.List;
import java.util.Map;

/** The attacks by name, in the order of their numbers. */
final class Rows {
    private static final List<Row> ALL = List.of(
            new Row(1, "announce-large", Announcements::large),
            new Row(2, "announce-many", Announcements::many),
            new Row(4, "describe-configs-repeated", Repetitions::describeConfigs),
            new Row(10, "gone-waiters", Waits::gone),
            smallHeap("64m"),
            smallHeap("128m"));

    private Rows() {}

    private static Row smallHeap(String size) {
        return new Row(13, "small-heap-" + size, Batches::large)
                .withHeap(size)
                .withTopic(Map.of("max.message.bytes", Integer.toString(8 << 20)));
    }

    static Row named(String name) {
        return ALL.stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no row " + name + "; there are " + names()));
    }

    /** Those of these names, or all. */
    static List<Row> named(List<String> names) {
        return names.isEmpty() ? ALL : names.stream().map(Rows::named).toList();
    }

    private static List<String> names() {
        return ALL.stream().map(Row::name).toList();
    }
}
