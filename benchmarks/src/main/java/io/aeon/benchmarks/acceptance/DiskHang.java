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

/**
 * Lets the broker's disk hang under load on more partitions than it has threads for the disk. Meanwhile a group's
 * heartbeats are answered, a partition that needs no disk is read, no session times out; afterwards all goes on. When
 * everything hangs a read of cached bytes waits too: FUSE asks its daemon whether they are still good.
 *
 * <p>Options: {@code --how fsync|all}, {@code --rounds}, {@code --seconds}, {@code --partitions}, {@code --rate},
 * {@code --limit-ms}, {@code --flush}, {@code --heap}.
 */
final class DiskHang {
    private static final String LOAD = "load";
    private static final String QUIET = "quiet";
    private static final Duration AGAIN_LIMIT = Duration.ofSeconds(30);

    private final Checks checks = new Checks();
    private final Arguments arguments;
    private final int partitions;
    private final boolean everything;
    private final Path directory;
    private final Path data;
    private final Ledger ledger;
    private BrokerProcess broker;

    private DiskHang(Arguments arguments) throws IOException {
        this.arguments = arguments;
        partitions = arguments.number("partitions", 24);
        everything = arguments.text("how", "fsync").equals("all");
        directory = Home.newRunDirectory("disk-hang");
        data = Files.createDirectories(directory.resolve("data"));
        ledger = new Ledger(partitions);
    }

    public static void main(String[] args) throws Exception {
        Set<String> known = Set.of("how", "rounds", "seconds", "partitions", "rate", "limit-ms", "flush", "heap");
        DiskHang rig = new DiskHang(new Arguments(args, known));
        if (rig.everything) {
            Path behind = Files.createDirectories(rig.directory.resolve("behind"));
            try (StoppableDisk disk = StoppableDisk.over(behind, rig.data)) {
                rig.run(disk::hang);
            }
        } else {
            rig.run(rig::hangFsyncs);
        }
        if (rig.checks.failed() == 0) {
            Home.delete(rig.directory);
        }
        rig.checks.exit();
    }

    /** Something that makes the disk hang for that long. */
    private interface Hang {
        void last(Duration time) throws IOException;
    }

    private void hangFsyncs(Duration time) throws IOException {
        String delay = "delay_enter=" + time.toMillis() * 1000;
        Injection fault = Injection.into(broker, "fsync,fdatasync", delay, List.of());
        try (fault) {
            BrokerProcess.pause(time.toMillis());
        }
    }

    private void run(Hang hang) throws Exception {
        Distribution distribution = Distribution.of(arguments);
        checks.note("%s, data in %s", distribution.name(), data);
        broker = BrokerProcess.start(distribution, data, BrokerProcess.freePort(), Map.of());
        try {
            broker.awaitReady();
            Topics.create(broker.bootstrap(), LOAD, partitions, Map.of());
            Topics.create(broker.bootstrap(), QUIET, 1, Map.of());
            try (LoadProducer load = new LoadProducer(
                            broker.bootstrap(), LOAD, partitions, arguments.number("rate", 1000), ledger);
                    Pulse pulse = new Pulse(broker.bootstrap(), QUIET)) {
                for (int round = 0; round < arguments.number("rounds", 2); round++) {
                    hangOnce(hang, pulse, round);
                }
                checks.that(load.failure() == null, "a producer loses nothing: %s", load.failure());
                checks.that(pulse.rebalances() == 1, "the group was joined once, %d times", pulse.rebalances());
            }
            checks.that(broker.stop() == 0, "stops in order");
        } finally {
            broker.kill();
        }
    }

    private void hangOnce(Hang hang, Pulse pulse, int round) throws IOException {
        await(ledger.acknowledged());
        pulse.reset();
        int seconds = arguments.number("seconds", 5);
        hang.last(Duration.ofSeconds(seconds));
        long begun = System.nanoTime();
        boolean again = await(ledger.acknowledged());
        checks.that(
                again,
                "round %d: the next record is in after %d ms",
                round,
                Duration.ofNanos(System.nanoTime() - begun).toMillis());
        int limit = arguments.number("limit-ms", 500);
        checks.that(
                pulse.longestHeartbeatMillis() < limit && (everything || pulse.longestReadMillis() < limit),
                "round %d: the disk hung %d s; longest heartbeat %d ms, longest read %d ms",
                round,
                seconds,
                pulse.longestHeartbeatMillis(),
                pulse.longestReadMillis());
    }

    private boolean await(long before) {
        long deadline = System.nanoTime() + AGAIN_LIMIT.toNanos();
        while (ledger.acknowledged() == before && System.nanoTime() < deadline) {
            BrokerProcess.pause(5);
        }
        return ledger.acknowledged() > before;
    }
}
