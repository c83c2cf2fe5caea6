package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Aeon;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Kafka;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * The same batches of keyed records in Aeon and in Kafka, one after the other, compacted by both: what is left must be
 * the same, and what it took is printed. The first records are written before the topic is compacted, so that its first
 * pass takes them all; the last ones, a tenth, while it is and when the tombstones have had their time.
 *
 * <p>Options: {@code --records}, {@code --keys}, {@code --limit-s} for each wait, {@code --flush}, {@code --heap}.
 */
final class Compaction {
    private static final String TOPIC = "compaction";
    private static final int SEGMENTS = 20;
    private static final int SMALLEST_SEGMENT = 1 << 20;
    private static final int BATCH_MULTIPLE = 1000;
    private static final int TOMBSTONES_KEPT_MILLIS = 5000;
    private static final Map<String, String> SETTINGS =
            Map.of("log.cleaner.backoff.ms", "500", "log.retention.check.interval.ms", "1000");
    private static final int SAMPLE_MILLIS = 100;
    private static final int STEADY_SAMPLES = 20;

    private final Checks checks = new Checks();
    private final Arguments arguments;
    private final Path directory;
    private final int first;
    private final int all;
    private final KeyedRecords records;
    private final List<List<CompactedLog.Contents>> left = new ArrayList<>();

    private Distribution distribution;
    private BrokerProcess broker;
    private CompactedLog log;
    private double peakMiB;

    private Compaction(Arguments arguments) throws IOException {
        this.arguments = arguments;
        directory = Home.newRunDirectory("compaction");
        first = arguments.number("records", 200_000) / BATCH_MULTIPLE * BATCH_MULTIPLE;
        all = first + first / 10;
        records = new KeyedRecords(first, arguments.number("keys", 20_000), System.currentTimeMillis());
    }

    public static void main(String[] args) throws Exception {
        Compaction rig = new Compaction(new Arguments(args, Set.of("records", "keys", "limit-s", "flush", "heap")));
        String heap = rig.arguments.text("heap", "");
        rig.run(new Aeon(rig.arguments.text("flush", "sync"), heap));
        rig.run(new Kafka(heap));
        rig.compare();
        if (rig.checks.failed() == 0) {
            Home.delete(rig.directory);
        }
        rig.checks.exit();
    }

    private void run(Distribution side) throws Exception {
        distribution = side;
        Path data = directory.resolve(side.name());
        log = new CompactedLog(TOPIC, side.logs(data), records);
        peakMiB = 0;
        broker = BrokerProcess.start(side, data, BrokerProcess.freePort(), SETTINGS);
        try {
            broker.awaitReady();
            create();
            left.add(List.of(firstPass(), lastRecords()));
            checks.note(
                    "%s: %.1f CPU seconds in all, peak of anonymous memory %.0f MiB",
                    side.name(), broker.stats().cpuSeconds(), peakMiB);
            broker.stop();
        } finally {
            broker.close();
        }
    }

    private void create() throws Exception {
        int segment = Math.max(SMALLEST_SEGMENT, first / SEGMENTS * KeyedRecords.VALUE_BYTES);
        Topics.create(
                broker.bootstrap(),
                TOPIC,
                1,
                Map.of(
                        "segment.bytes",
                        Integer.toString(segment),
                        "retention.ms",
                        "-1",
                        "min.cleanable.dirty.ratio",
                        "0.01",
                        "delete.retention.ms",
                        Integer.toString(TOMBSTONES_KEPT_MILLIS)));
    }

    /** Compacts what was written while the topic was not. */
    private CompactedLog.Contents firstPass() throws Exception {
        records.write(broker.port(), TOPIC, 0, first);
        long before = log.bytes();
        int activeFrom = log.activeFrom();
        double cpuBefore = broker.stats().cpuSeconds();
        compact();
        double cpu = awaitSteady(before) - cpuBefore;
        checks.note(
                "%s: first pass %.2f CPU seconds, %d of %d bytes left, active segment from %d",
                distribution.name(), cpu, log.bytes(), before, activeFrom);
        return readBack("after the first pass", records.survivors(activeFrom, first, true));
    }

    private CompactedLog.Contents lastRecords() throws Exception {
        BrokerProcess.pause(TOMBSTONES_KEPT_MILLIS);
        records.write(broker.port(), TOPIC, first, all);
        awaitSteady(0);
        return readBack("after more records", records.survivors(log.activeFrom(), all, false));
    }

    private void compact() throws Exception {
        ConfigEntry policy = new ConfigEntry("cleanup.policy", "compact");
        try (Admin admin = Topics.admin(broker.bootstrap())) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
                            List.of(new AlterConfigOp(policy, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /** Returns when the log has another size than that and keeps it: the CPU seconds when it came to it. */
    private double awaitSteady(long other) throws IOException {
        long deadline = System.nanoTime() + limitNanos();
        long bytes = other;
        double cpu = 0;
        int steady = 0;
        while (steady < STEADY_SAMPLES && System.nanoTime() < deadline) {
            BrokerProcess.pause(SAMPLE_MILLIS);
            peakMiB = Math.max(peakMiB, broker.stats().anonymousMiB());
            long now = log.bytes();
            steady = now == bytes && now != other ? steady + 1 : 0;
            cpu = steady == 0 ? broker.stats().cpuSeconds() : cpu;
            bytes = now;
        }
        return cpu;
    }

    private long limitNanos() {
        return arguments.number("limit-s", 300) * 1_000_000_000L;
    }

    /** Reads until the records are those expected, or time is up. */
    private CompactedLog.Contents readBack(String when, BitSet expected) throws IOException {
        long deadline = System.nanoTime() + limitNanos();
        CompactedLog.Contents contents = log.read(broker.bootstrap());
        while (!contents.offsets().equals(expected) && System.nanoTime() < deadline) {
            awaitSteady(log.bytes());
            contents = log.read(broker.bootstrap());
        }
        BitSet missing = (BitSet) expected.clone();
        missing.andNot(contents.offsets());
        BitSet superfluous = (BitSet) contents.offsets().clone();
        superfluous.andNot(expected);
        checks.that(
                missing.isEmpty() && superfluous.isEmpty() && contents.wrong() == 0,
                "%s %s: %d records left of %d expected, %d missing, %d too many, %d others than were written",
                distribution.name(),
                when,
                contents.count(),
                expected.cardinality(),
                missing.cardinality(),
                superfluous.cardinality(),
                contents.wrong());
        return contents;
    }

    private void compare() {
        for (int i = 0; i < left.get(0).size(); i++) {
            String aeon = left.get(0).get(i).digest();
            String kafka = left.get(1).get(i).digest();
            checks.that(aeon.equals(kafka), "offsets, keys and values left are the same: %s and %s", aeon, kafka);
        }
    }
}
