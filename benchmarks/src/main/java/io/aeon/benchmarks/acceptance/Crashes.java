package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Tools;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Kills the broker under load, or cuts its power, again and again, at random moments, now and then while it starts;
 * after each restart everything acknowledged must be there, records and committed offsets alike.
 *
 * <p>Options: {@code --fs ext4|xfs} (power cuts, not kills), {@code --rounds}, {@code --flush sync|interval|os},
 * {@code --preload-mib}, {@code --rate} (records per second), {@code --ready-limit-ms}, {@code --seed},
 * {@code --broker}, {@code --heap}.
 */
final class Crashes {
    private static final String TOPIC = "load";
    private static final String GROUP = "readers";
    private static final int PARTITIONS = 6;
    private static final int PRELOAD_PARTITIONS = 4;
    private static final int KIB = 1024;
    private static final Duration PROGRESS_LIMIT = Duration.ofSeconds(60);
    private static final int START_KILLED_EVERY = 10;
    private static final int RECOVERY_CUT_EVERY = 2;
    private static final int DISK_MIB = 2048;
    private static final Map<String, String> SETTINGS = Map.of("group.initial.rebalance.delay.ms", "0");

    private final Checks checks = new Checks();
    private final Ledger ledger = new Ledger(PARTITIONS);
    private final Arguments arguments;
    private final Distribution distribution;
    private final Random random;
    private final Path directory;
    private final Crash crash;
    private final int crashAtStartEvery;
    private final int port = BrokerProcess.freePort();
    private final String bootstrap = "127.0.0.1:" + port;
    private BrokerProcess broker;

    private Crashes(Arguments arguments) throws IOException {
        this.arguments = arguments;
        distribution = Distribution.of(arguments);
        int seed = arguments.number("seed", new Random().nextInt(Integer.MAX_VALUE));
        random = new Random(seed);
        directory = Home.newRunDirectory("crashes");
        crash = arguments.has("fs")
                ? Crash.ofTheMachine(arguments.text("fs", ""), directory.resolve("data"), diskMib())
                : Crash.ofTheProcess();
        crashAtStartEvery = arguments.has("fs") ? RECOVERY_CUT_EVERY : START_KILLED_EVERY;
        checks.note("%s, seed %d, data in %s", distribution.name(), seed, directory);
    }

    public static void main(String[] args) throws Exception {
        Set<String> known =
                Set.of("fs", "rounds", "flush", "preload-mib", "rate", "ready-limit-ms", "seed", "broker", "heap");
        Crashes crashes = new Crashes(new Arguments(args, known));
        try (crashes.crash) {
            crashes.run();
        }
        crashes.finish();
    }

    private int diskMib() {
        return DISK_MIB + 2 * arguments.number("preload-mib", 0);
    }

    private BrokerProcess start() throws IOException {
        return BrokerProcess.start(distribution, directory.resolve("data"), port, SETTINGS);
    }

    private void run() throws Exception {
        broker = start();
        try {
            broker.awaitReady();
            crashAndCheck();
        } finally {
            broker.kill();
        }
    }

    private void crashAndCheck() throws Exception {
        int rounds = arguments.number("rounds", 200);
        List<Long> readyMillis = new ArrayList<>();
        List<Long> servingMillis = new ArrayList<>();
        Topics.create(bootstrap, TOPIC, PARTITIONS, Map.of());
        preload(arguments.number("preload-mib", 0));
        try (LoadProducer producer =
                        new LoadProducer(bootstrap, TOPIC, PARTITIONS, arguments.number("rate", 10_000), ledger);
                CommittingConsumer consumer = new CommittingConsumer(bootstrap, TOPIC, GROUP);
                Admin admin = Topics.admin(bootstrap);
                LogReader reader = new LogReader(bootstrap, TOPIC, ledger)) {
            long[] checked = new long[PARTITIONS];
            for (int round = 0; round < rounds && checks.failed() == 0; round++) {
                awaitProgress(ledger::acknowledged, "acknowledged records");
                awaitProgress(consumer::commits, "acknowledged commits");
                BrokerProcess.pause(random.nextInt(100, 1000));
                Map<Integer, Long> committed = consumer.acknowledged();
                crash.happenTo(broker);
                long[] ends = ledger.ends();
                if (round % crashAtStartEvery == crashAtStartEvery - 1) {
                    crashAtStart();
                }
                long begun = System.nanoTime();
                broker = start();
                readyMillis.add(broker.awaitReady().toMillis());
                awaitProgress(ledger::acknowledged, "acknowledged records");
                servingMillis.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
                checkCommits(admin, committed, round);
                checkRecords(reader, checked, ends, round);
                checked = ends;
                if (producer.failure() != null || consumer.failure() != null) {
                    checks.that(
                            false, "round %d: a client failed: %s %s", round, producer.failure(), consumer.failure());
                }
            }
        }
        try (LogReader reader = new LogReader(bootstrap, TOPIC, ledger)) {
            checkRecords(reader, new long[PARTITIONS], ledger.ends(), rounds);
            checks.note("%d records in the log came twice (retries)", reader.duplicates());
        }
        times(readyMillis, servingMillis);
        broker.stop();
    }

    private void preload(int mib) throws Exception {
        if (mib > 0) {
            Topics.create(bootstrap, "preload", PRELOAD_PARTITIONS, Map.of());
            Tools.produce(bootstrap, "preload", mib * KIB, KIB, List.of("acks=1"));
        }
    }

    private void crashAtStart() throws IOException {
        BrokerProcess starting = start();
        BrokerProcess.pause(random.nextInt(50, 800));
        crash.happenTo(starting);
    }

    private void awaitProgress(LongSupplier count, String what) throws IOException {
        long before = count.getAsLong();
        long begun = System.nanoTime();
        while (count.getAsLong() == before) {
            if (!broker.isAlive() || System.nanoTime() - begun > PROGRESS_LIMIT.toNanos()) {
                throw new IOException("no more " + what + "; the broker lives: " + broker.isAlive() + "; " + directory);
            }
            BrokerProcess.pause(5);
        }
    }

    private void checkCommits(Admin admin, Map<Integer, Long> acknowledged, int round) throws Exception {
        var offsets = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        acknowledged.forEach((partition, offset) -> {
            var found = offsets.get(new TopicPartition(TOPIC, partition));
            if (found == null || found.offset() < offset) {
                checks.that(false, "round %d: partition %d committed %d, kept %s", round, partition, offset, found);
            }
        });
    }

    private void checkRecords(LogReader reader, long[] from, long[] to, int round) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            long lost = reader.lost(partition, from[partition], to[partition]);
            if (lost > 0) {
                checks.that(false, "round %d: partition %d lost %d acknowledged records", round, partition, lost);
            }
        }
        if (!ledger.contradiction().isEmpty()) {
            checks.that(false, "round %d: %s", round, ledger.contradiction());
        }
    }

    private void times(List<Long> readyMillis, List<Long> servingMillis) {
        readyMillis.sort(null);
        servingMillis.sort(null);
        int crashed = readyMillis.size();
        int limit = arguments.number("ready-limit-ms", 2000);
        long slowest = readyMillis.get(crashed - 1);
        checks.that(
                checks.failed() == 0, "%d crashes, %d acknowledged records, none lost", crashed, ledger.acknowledged());
        checks.note(
                "start to the next acknowledged record: median %d ms, longest %d ms",
                servingMillis.get(crashed / 2), servingMillis.get(crashed - 1));
        checks.that(
                slowest <= limit,
                "start to ready: median %d ms, longest %d ms of %d",
                readyMillis.get(crashed / 2),
                slowest,
                limit);
    }

    private void finish() {
        if (checks.failed() == 0) {
            Home.delete(directory);
        }
        checks.exit();
    }
}
