package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;

/**
 * MirrorMaker 2 in both directions between Apache Kafka and the broker under test, by a worker of Kafka Connect in
 * distributed mode with exactly-once sources, whose internal topics that broker has. The worker is killed in between.
 * Records with their headers and timestamps, settings of topics, and group offsets are compared. Beside it a file goes
 * through a topic to another file. Options: {@code --records} of a topic, {@code --broker}, {@code --flush},
 * {@code --heap}.
 */
final class Mirror {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PARTITIONS = 3;

    private final Checks checks;
    private final Path directory;
    private final int records;
    private final MirroredCluster kafka;
    private final MirroredCluster other;
    private final Path input;
    private final Path output;

    private Mirror(Checks checks, Path directory, int records, MirroredCluster kafka, MirroredCluster other) {
        this.checks = checks;
        this.directory = directory;
        this.records = records;
        this.kafka = kafka;
        this.other = other;
        input = directory.resolve("input.txt");
        output = directory.resolve("output.txt");
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("records", "broker", "flush", "heap"));
        endAfter(LIMIT);
        Checks checks = new Checks();
        Path directory = Home.newRunDirectory("mirror");
        try (BrokerProcess first = start(arguments.with("broker", "kafka"), directory.resolve("first"));
                BrokerProcess second = start(arguments, directory.resolve("second"))) {
            first.awaitReady();
            second.awaitReady();
            try (var kafka = new MirroredCluster("kafka", first.bootstrap());
                    var other = new MirroredCluster("other", second.bootstrap())) {
                new Mirror(checks, directory, arguments.number("records", 2000), kafka, other).run();
            }
        }
        if (checks.failed() == 0) {
            Home.delete(directory);
        }
        checks.exit();
    }

    private static BrokerProcess start(Arguments arguments, Path data) throws Exception {
        Map<String, String> settings = Map.of("group.initial.rebalance.delay.ms", "0");
        return BrokerProcess.start(Distribution.of(arguments), data, BrokerProcess.freePort(), settings);
    }

    private static void endAfter(Duration limit) {
        Thread watch = new Thread(
                () -> {
                    BrokerProcess.pause(limit.toMillis());
                    System.out.println("FAIL  not done within " + limit);
                    System.exit(1);
                },
                "limit");
        watch.setDaemon(true);
        watch.start();
    }

    private void run() throws Exception {
        Files.writeString(input, "first line\n");
        for (MirroredCluster cluster : List.of(kafka, other)) {
            prepare(cluster);
        }
        try (ConnectWorker worker = new ConnectWorker(directory, other.bootstrap())) {
            worker.awaitReady();
            deploy(worker);
            compare("at first", List.of("orders", "changes", "payments"));
            for (MirroredCluster cluster : List.of(kafka, other)) {
                compareGroups(cluster, "halfway");
            }
        }
        for (MirroredCluster cluster : List.of(kafka, other)) {
            change(cluster);
        }
        Files.writeString(input, "first line\nsecond line\n");
        try (ConnectWorker worker = new ConnectWorker(directory, other.bootstrap())) {
            worker.awaitReady();
            compare("after a kill -9 of the worker", List.of("orders", "changes", "payments", "late"));
            for (MirroredCluster cluster : List.of(kafka, other)) {
                compareGroups(cluster, "halfway");
                readToTheEnd(cluster);
            }
            compare("with groups at the end", List.of("orders"));
            for (MirroredCluster cluster : List.of(kafka, other)) {
                compareGroups(cluster, "at-end");
                compareGroups(cluster, "at-end-consumer");
            }
            internals();
            statuses(worker);
        }
    }

    private void prepare(MirroredCluster cluster) throws Exception {
        cluster.create(
                "orders",
                PARTITIONS,
                Map.of("retention.ms", "-1", "max.message.bytes", "2000000", "compression.type", "zstd"));
        cluster.create(
                "changes",
                1,
                Map.of(
                        "cleanup.policy",
                        "compact",
                        "min.cleanable.dirty.ratio",
                        "0.9",
                        "delete.retention.ms",
                        "3600000"));
        cluster.create("payments", 2, Map.of("retention.ms", "-1"));
        cluster.create(MirroredCluster.TICKS, MirroredCluster.TICKING, Map.of());
        cluster.write("orders", PARTITIONS, 0, records);
        cluster.write("changes", 1, 0, records);
        cluster.writeInTransactions("payments", 2, 0, records / 10);
        cluster.commit(cluster.topic("halfway"), "classic", "orders", 50);
    }

    private void change(MirroredCluster cluster) throws Exception {
        cluster.addPartitions("orders", PARTITIONS + 1);
        cluster.set("orders", "retention.ms", "");
        cluster.set("orders", "segment.bytes", "10485760");
        cluster.create("late", 1, Map.of("retention.ms", "-1"));
        cluster.write("late", 1, 0, records);
        cluster.write("orders", PARTITIONS + 1, records, 2 * records);
        cluster.writeInTransactions("payments", 2, records / 10, records / 5);
        cluster.commit(cluster.topic("halfway"), "classic", "orders", 75);
    }

    /**
     * Writes a last record to each partition and has two groups commit all. MirrorMaker translates by the offset syncs
     * that it writes with the records of a partition, and loses those that it kept back when it takes up new partitions
     * or topics: behind the last record of the others that would be for good.
     */
    private void readToTheEnd(MirroredCluster cluster) throws Exception {
        cluster.write("orders", PARTITIONS + 1, 2 * records, 2 * records + PARTITIONS + 1);
        cluster.commit(cluster.topic("at-end"), "classic", "orders", 100);
        cluster.commit(cluster.topic("at-end-consumer"), "consumer", "orders", 100);
    }

    private void deploy(ConnectWorker worker) throws Exception {
        for (var direction : List.of(List.of(kafka, other), List.of(other, kafka))) {
            MirroredCluster from = direction.get(0);
            MirroredCluster to = direction.get(1);
            for (String kind : List.of("Source", "Checkpoint", "Heartbeat")) {
                worker.deploy(
                        kind.toLowerCase(Locale.ROOT) + "-of-" + from.alias(),
                        ConnectorSettings.mirroring(kind, from, to));
            }
        }
        worker.deploy(
                "file-source", ConnectorSettings.file("Source", Map.of("topic", "lines", "file", input.toString())));
        worker.deploy(
                "file-sink", ConnectorSettings.file("Sink", Map.of("topics", "lines", "file", output.toString())));
    }

    private void compare(String when, List<String> topics) throws Exception {
        for (String name : topics) {
            compare(when, name, kafka, other);
            compare(when, name, other, kafka);
        }
        String expected = Files.readString(input);
        await(() -> Files.exists(output) && Files.readString(output).equals(expected));
        checks.that(
                Files.exists(output) && Files.readString(output).equals(expected),
                "%s: the lines of the file have gone through a topic once",
                when);
    }

    private void compare(String when, String name, MirroredCluster from, MirroredCluster to) throws Exception {
        String source = from.topic(name);
        String target = from.alias() + "." + source;
        List<List<String>> expected = from.records(source);
        await(() -> count(to.records(target)) >= count(expected)
                && to.settings(target).equals(from.settings(source)));
        List<List<String>> found = to.records(target);
        checks.that(
                found.equals(expected),
                "%s: %s has the %d records of %s, by partition and in order (it has %d)",
                when,
                target,
                count(expected),
                source,
                count(found));
        checks.that(
                to.settings(target).equals(from.settings(source)),
                "%s: %s has the settings of %s: %s, %s",
                when,
                target,
                source,
                to.settings(target),
                from.settings(source));
    }

    private static int count(List<List<String>> partitions) {
        return partitions.stream().mapToInt(List::size).sum();
    }

    /**
     * Translated offsets are those of the cluster they are for: a consumer that goes on there sees every record that it
     * has not yet committed, and none at all if it has committed all.
     */
    private void compareGroups(MirroredCluster from, String name) throws Exception {
        MirroredCluster to = from == kafka ? other : kafka;
        String group = from.topic(name);
        String source = from.topic("orders");
        String target = from.alias() + "." + source;
        Map<TopicPartition, Long> committed = from.committed(group, source);
        checks.that(committed.size() == from.partitions(source), "%s: all partitions are committed", group);
        await(() -> {
            from.tick();
            return behind(from, to, committed, to.committed(group, target)) == 0;
        });
        Map<TopicPartition, Long> translated = to.committed(group, target);
        checks.that(
                behind(from, to, committed, translated) == 0,
                "%s: the offsets %s are translated to %s",
                group,
                committed,
                translated);
    }

    /** Partitions whose translated offset would lose a record, or is not yet at the end though the committed one is. */
    private static int behind(
            MirroredCluster from,
            MirroredCluster to,
            Map<TopicPartition, Long> committed,
            Map<TopicPartition, Long> translated) {
        int behind = 0;
        for (var entry : committed.entrySet()) {
            TopicPartition source = entry.getKey();
            TopicPartition target = new TopicPartition(from.alias() + "." + source.topic(), source.partition());
            List<String> missing = from.records(source, entry.getValue());
            Long offset = translated.get(target);
            List<String> left = offset == null ? List.of() : to.records(target, offset);
            boolean atEnd = missing.isEmpty() == left.isEmpty();
            boolean complete = left.size() >= missing.size()
                    && left.subList(left.size() - missing.size(), left.size()).equals(missing);
            behind += offset != null && atEnd && complete ? 0 : 1;
        }
        return behind;
    }

    private void internals() throws Exception {
        for (String topic : List.of("connect-config", "connect-offset", "connect-status")) {
            checks.that(
                    "compact".equals(other.settings(topic).get("cleanup.policy")),
                    "%s is compacted and has %d partitions",
                    topic,
                    other.partitions(topic));
        }
        checks.that(count(other.records("kafka.checkpoints.internal")) > 0, "checkpoints of kafka are there");
        checks.that(count(kafka.records("other.checkpoints.internal")) > 0, "checkpoints of other are there");
        checks.that(count(other.records("heartbeats")) > 0, "heartbeats are there");
    }

    private void statuses(ConnectWorker worker) throws Exception {
        for (String connector : List.of(
                "source-of-kafka", "source-of-other", "checkpoint-of-kafka", "checkpoint-of-other", "file-sink")) {
            String status = worker.status(connector);
            checks.that(status.contains("RUNNING") && !status.contains("FAILED"), "%s runs: %s", connector, status);
        }
    }

    /** Waits until it holds, or until there is no patience left. */
    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call() && System.nanoTime() < deadline) {
            BrokerProcess.pause(300);
        }
    }
}
