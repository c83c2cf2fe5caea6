package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lets one partition's fsyncs, then its reads, fail under load. The others go on meanwhile, nothing of the sick one is
 * acknowledged that is not there after a kill, and it heals when the fault ends.
 *
 * <p>Options: {@code --rounds}, {@code --seconds} (of each fault), {@code --rate} (records per second),
 * {@code --flush}, {@code --heap}.
 */
final class IoErrors {
    private static final String HEALTHY = "healthy";
    private static final String SICK = "sick";
    private static final int HEALTHY_PARTITIONS = 3;
    private static final int SETTLE_MILLIS = 500;
    private static final Duration HEAL_LIMIT = Duration.ofSeconds(40);

    private final Checks checks = new Checks();
    private final Ledger healthy = new Ledger(HEALTHY_PARTITIONS);
    private final Ledger sick = new Ledger(1);
    private final int port = BrokerProcess.freePort();
    private final Arguments arguments;
    private final Path directory;
    private BrokerProcess broker;

    private IoErrors(Arguments arguments) throws IOException {
        this.arguments = arguments;
        this.directory = Home.newRunDirectory("io-errors");
    }

    public static void main(String[] args) throws Exception {
        IoErrors rig = new IoErrors(new Arguments(args, Set.of("rounds", "seconds", "rate", "flush", "heap")));
        rig.run();
        if (rig.checks.failed() == 0) {
            Home.delete(rig.directory);
        }
        rig.checks.exit();
    }

    private void run() throws Exception {
        start();
        try {
            Topics.create(broker.bootstrap(), HEALTHY, HEALTHY_PARTITIONS, Map.of());
            Topics.create(broker.bootstrap(), SICK, 1, Map.of());
            int rate = arguments.number("rate", 1000);
            try (LoadProducer well = new LoadProducer(broker.bootstrap(), HEALTHY, HEALTHY_PARTITIONS, rate, healthy);
                    LoadProducer ill = new LoadProducer(broker.bootstrap(), SICK, 1, rate / 4, sick)) {
                awaitMore(sick);
                for (int round = 0; round < arguments.number("rounds", 3); round++) {
                    failFsyncs(round);
                    failReads(round);
                }
                checks.that(
                        well.failure() == null && ill.failure() == null,
                        "producers with Kafka's defaults lose nothing: %s %s",
                        well.failure(),
                        ill.failure());
            }
            broker.kill();
            start();
            readAll("after a kill");
            checks.that(broker.stop() == 0, "stops in order");
        } finally {
            broker.kill();
        }
    }

    private void start() throws IOException {
        broker = BrokerProcess.start(Distribution.of(arguments), directory.resolve("data"), port, Map.of());
        broker.awaitReady();
    }

    private void failFsyncs(int round) throws IOException {
        Injection fault = Injection.into(broker, "fsync,fdatasync", "error=EIO", sickFiles());
        try (fault) {
            BrokerProcess.pause(SETTLE_MILLIS);
            long sickBefore = sick.acknowledged();
            long healthyBefore = healthy.acknowledged();
            pauseWhileItFails();
            checks.that(
                    sick.acknowledged() == sickBefore,
                    "round %d: fsync fails: %d records of the sick partition acknowledged all the same",
                    round,
                    sick.acknowledged() - sickBefore);
            goesOn(round, "fsync fails", healthyBefore);
        }
        heals(round, "fsync");
    }

    private void failReads(int round) throws IOException {
        Injection fault = Injection.into(broker, "pread64,sendfile", "error=EIO", sickFiles());
        try (fault) {
            long healthyBefore = healthy.acknowledged();
            try (LogReader reader = new LogReader(broker.bootstrap(), SICK, sick)) {
                checks.that(
                        reader.lost(0, 0, sick.ends()[0], Duration.ofSeconds(seconds())) > 0,
                        "round %d: read fails: the sick partition is not read",
                        round);
            }
            goesOn(round, "read fails", healthyBefore);
        }
        heals(round, "read");
        readAll("round " + round);
    }

    private void pauseWhileItFails() {
        BrokerProcess.pause(Duration.ofSeconds(seconds()).toMillis());
    }

    private int seconds() {
        return arguments.number("seconds", 5);
    }

    private void goesOn(int round, String fault, long before) {
        checks.that(
                broker.isAlive() && healthy.acknowledged() > before,
                "round %d: %s: the broker lives: %s; %d records of other partitions acknowledged meanwhile",
                round,
                fault,
                broker.isAlive(),
                healthy.acknowledged() - before);
    }

    private void heals(int round, String what) {
        long begun = System.nanoTime();
        boolean healed = awaitMore(sick);
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        checks.that(healed, "round %d: %s works again: the next record is in after %d ms", round, what, millis);
    }

    private static boolean awaitMore(Ledger ledger) {
        long before = ledger.acknowledged();
        long deadline = System.nanoTime() + HEAL_LIMIT.toNanos();
        while (ledger.acknowledged() == before && System.nanoTime() < deadline) {
            BrokerProcess.pause(5);
        }
        return ledger.acknowledged() > before;
    }

    private void readAll(String when) {
        long lost = 0;
        try (LogReader reader = new LogReader(broker.bootstrap(), SICK, sick)) {
            lost += reader.lost(0, 0, sick.ends()[0]);
        }
        try (LogReader reader = new LogReader(broker.bootstrap(), HEALTHY, healthy)) {
            long[] ends = healthy.ends();
            for (int partition = 0; partition < HEALTHY_PARTITIONS; partition++) {
                lost += reader.lost(partition, 0, ends[partition]);
            }
        }
        checks.that(lost == 0, "%s: %d acknowledged records lost", when, lost);
    }

    private List<Path> sickFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("data").resolve(SICK + "-0"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .map(Path::toAbsolutePath)
                    .toList();
        }
    }
}
