package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fills a broker with every kind of log, stops it in order, and has Apache Kafka's DumpLogSegments read every file of
 * it.
 *
 * <p>Options: {@code --records} in each topic, {@code --flush}, {@code --heap}, {@code --broker}.
 */
final class KafkaReads {
    private static final Map<String, String> DECODERS = Map.of(
            "__consumer_offsets", "--offsets-decoder",
            "__transaction_state", "--transaction-log-decoder",
            "__cluster_metadata", "--cluster-metadata-decoder");
    private static final Map<String, String> SETTINGS = Map.of(
            "offsets.topic.num.partitions", "3",
            "transaction.state.log.num.partitions", "3",
            "offsets.topic.segment.bytes", "1048576",
            "log.cleaner.backoff.ms", "500",
            "log.retention.check.interval.ms", "1000");
    private static final int PATIENCE_SECONDS = 60;
    private static final int COMPACTED_BYTES = AllKindsOfLogs.SEGMENT_BYTES / 2;

    private final Checks checks = new Checks();
    private final Map<String, Integer> files = new HashMap<>();
    private int entries;

    public static void main(String[] args) throws Exception {
        KafkaReads rig = new KafkaReads();
        Path directory = Home.newRunDirectory("kafka-reads");
        rig.run(new Arguments(args, Set.of("records", "flush", "heap", "broker")), directory.resolve("data"));
        if (rig.checks.failed() == 0) {
            Home.delete(directory);
        }
        rig.checks.exit();
    }

    private void run(Arguments arguments, Path data) throws Exception {
        Distribution distribution = Distribution.of(arguments);
        Path logs = distribution.logs(data);
        try (BrokerProcess broker = BrokerProcess.start(distribution, data, BrokerProcess.freePort(), SETTINGS)) {
            broker.awaitReady();
            try (AllKindsOfLogs filled = new AllKindsOfLogs(broker.bootstrap(), arguments.number("records", 20_000))) {
                filled.write();
                awaitCompaction(logs.resolve(AllKindsOfLogs.COMPACTED + "-0"));
                broker.stop();
            }
        }
        List<Path> partitions;
        try (Stream<Path> all = Files.list(logs)) {
            partitions = all.filter(each -> each.getFileName().toString().matches(".+-\\d+"))
                    .sorted()
                    .toList();
        }
        for (Path partition : partitions) {
            dump(partition);
        }
        checks.note("%d partitions, %s, %d batches and entries", partitions.size(), files, entries);
        for (String kind : LogDump.KINDS) {
            checks.that(files.containsKey(kind), "there were files of the kind .%s", kind);
        }
    }

    /** Until its first segment has become small. */
    private void awaitCompaction(Path partition) throws IOException {
        Path first = partition.resolve("00000000000000000000.log");
        for (int i = 0; i < PATIENCE_SECONDS && Files.size(first) > COMPACTED_BYTES; i++) {
            BrokerProcess.pause(1000);
        }
        checks.that(Files.size(first) <= COMPACTED_BYTES, "%s is compacted", partition.getFileName());
    }

    private void dump(Path partition) throws IOException {
        String topic = partition.getFileName().toString().replaceAll("-\\d+$", "");
        boolean internal = DECODERS.containsKey(topic);
        boolean compacted = topic.equals(AllKindsOfLogs.COMPACTED) || internal;
        LogDump dump = LogDump.of(partition, DECODERS.getOrDefault(topic, ""), compacted);
        checks.that(
                dump.complaints().isEmpty(),
                "%s: %s, %d batches and entries%s",
                partition.getFileName(),
                dump.files(),
                dump.entries(),
                dump.complaints().stream().limit(10).map("\n        "::concat).reduce("", String::concat));
        checks.that(internal || dump.files().get("log") > 2, "%s has several segments", partition.getFileName());
        dump.files().forEach((kind, count) -> files.merge(kind, count, Integer::sum));
        entries += dump.entries();
    }
}
