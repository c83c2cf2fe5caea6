package io.aeon.benchmarks.hostile;

import java.util.List;
import java.util.Map;

/** The attacks by name, in the order of their numbers. */
final class Rows {
    private static final int SMALL_HEAP_MIB = 256;
    /** Open partitions of the coordinators' topics, and of those that are written. */
    private static final int OPEN_FILES = 150;

    private static final List<Row> ALL = List.of(
            new Row(1, "announce-large", Announcements::large),
            new Row(2, "announce-many", Announcements::many),
            new Row(3, "nested-tags", Repetitions::nestedTags),
            new Row(3, "elements", Elements::topicsAndPartitions),
            new Row(4, "describe-configs-repeated", Repetitions::describeConfigs),
            new Row(4, "unread-metadata", Unread::metadata),
            new Row(5, "bomb-uncompressed", Bombs::uncompressed).withTopic(Map.of("compression.type", "uncompressed")),
            new Row(5, "bomb-gzip-members", Bombs::gzipMembers),
            new Row(5, "bomb-snappy-claims", Bombs::snappyClaims),
            new Row(6, "bomb-recompressed", Bombs::recompressed).withTopic(Map.of("compression.type", "gzip")),
            new Row(7, "bomb-compacted", Bombs::compacted)
                    .withTopic(Map.of(
                            "cleanup.policy", "compact", "segment.ms", "1000", "min.cleanable.dirty.ratio", "0.01")),
            new Row(8, "bomb-by-time", Bombs::byTime),
            new Row(9, "fetch-sessions", Repetitions::fetchSessions),
            new Row(10, "gone-waiters", Waits::gone),
            new Row(11, "pipelines", Floods::pipelines),
            new Row(12, "waiting-fetches", Waits::forMore),
            smallHeap("64m"),
            smallHeap("128m"),
            new Row(14, "log-lines", Mistakes::logLines),
            new Row(15, "refused-requests", Mistakes::refused),
            new Row(16, "padded-waiters", Waits::padded),
            new Row(16, "behind-a-wait", EarlyBytes::behindAWait),
            new Row(17, "large-produce-gone", Batches::gone),
            new Row(18, "slow-senders", Announcements::slow),
            new Row(19, "large-group", Memberships::large),
            new Row(20, "describe-groups-repeated", Repetitions::describeGroups),
            new Row(21, "groups-without-end", Memberships::groups),
            new Row(21, "transactional-ids-without-end", Memberships::transactionalIds),
            new Row(21, "topics-without-end", Memberships::topics),
            limit("groups-to-the-limit", Creations::groups, 15),
            limit("transactional-ids-to-the-limit", Creations::transactionalIds, 10),
            limit("topics-to-the-limit", Creations::topics, 25),
            limit("producers-to-the-limit", Creations::producers, 10));

    private Rows() {}

    private static Row smallHeap(String size) {
        return new Row(13, "small-heap-" + size, Batches::large)
                .withHeap(size)
                .withTopic(Map.of("max.message.bytes", Integer.toString(8 << 20)));
    }

    /** @param percent of the heap, by default, of {@code aeon.limits} */
    private static Row limit(String name, Attack attack, int percent) {
        return new Row(21, name, attack)
                .withHeap(SMALL_HEAP_MIB + "m")
                .thatKeeps(new Trial.Slack(SMALL_HEAP_MIB * percent / 100, OPEN_FILES));
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
