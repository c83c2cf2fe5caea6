package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.RawRequests;
import io.aeon.benchmarks.broker.Topics;
import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * Many offset commits in __consumer_offsets: the time from the start of the broker until the coordinators of all groups
 * are found and tell the offsets that were committed last. The broker is stopped cleanly, killed, and started without
 * the snapshots that it has taken.
 *
 * <p>Options: {@code --commits}, {@code --groups}, {@code --partitions} of each group, {@code --limit-ms} for the
 * restarts with snapshots, {@code --broker}, {@code --flush}, {@code --heap}.
 */
final class CoordinatorRestart {
    private static final String TOPIC = "consumed";
    private static final int CONNECTIONS = 4;
    private static final int IN_FLIGHT = 64;
    private static final int GROUPS_IN_A_REQUEST = 100;
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final long SETTLE_MILLIS = 20_000;

    private final Checks checks = new Checks();
    private final long commits;
    private final int groups;
    private final int partitions;
    private final int limitMs;
    private final Distribution distribution;
    private final Path data;
    private final int port = BrokerProcess.freePort();
    private BrokerProcess broker;
    private long round;

    private CoordinatorRestart(Arguments arguments, Path directory) throws IOException {
        commits = arguments.number("commits", 10_000_000);
        groups = arguments.number("groups", 2000);
        partitions = arguments.number("partitions", 50);
        limitMs = arguments.number("limit-ms", 2000);
        distribution = Distribution.of(arguments);
        data = directory.resolve("data");
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments =
                new Arguments(args, Set.of("commits", "groups", "partitions", "limit-ms", "broker", "flush", "heap"));
        Path directory = Home.newRunDirectory("coordinator-restart");
        CoordinatorRestart rig = new CoordinatorRestart(arguments, directory);
        try {
            rig.run();
        } finally {
            rig.broker.close();
        }
        Home.delete(directory);
        rig.checks.exit();
    }

    private void run() throws Exception {
        start();
        broker.awaitReady();
        try (Admin admin = Topics.admin(broker.bootstrap())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(partitions), Optional.of((short) 1))))
                    .all()
                    .get();
        }
        load();
        BrokerProcess.pause(SETTLE_MILLIS);
        broker.stop();
        state();
        restart("after a clean stop", true);
        broker.kill();
        restart("after kill -9", true);
        broker.stop();
        if (removeSnapshots() > 0) {
            restart("after a clean stop, without snapshots", false);
        }
        broker.stop();
    }

    private void start() throws IOException {
        broker = BrokerProcess.start(distribution, data, port, Map.of());
    }

    private static String group(int number) {
        return "group-" + number;
    }

    private void load() throws Exception {
        try (Wire wire = new Wire(port, TIMEOUT_MILLIS)) {
            awaitFound(wire, group(0));
        }
        long begun = System.nanoTime();
        long rounds = Math.max(1, commits / ((long) groups * partitions));
        for (round = 1; round <= rounds; round++) {
            List<ByteBuffer> frames = new ArrayList<>();
            for (int group = 0; group < groups; group++) {
                frames.add(OffsetRequests.commit(group(group), TOPIC, partitions, round));
            }
            try (RawRequests requests = new RawRequests(port, CONNECTIONS, frames, OffsetRequests::requireCommitted)) {
                requests.send(groups, IN_FLIGHT);
            }
        }
        round = rounds;
        checks.note(
                "%d offset commits (%d groups, %d partitions each, %d times) in %.1f s",
                rounds * groups * partitions, groups, partitions, rounds, secondsSince(begun));
    }

    private static void awaitFound(Wire wire, String group) throws IOException {
        while (OffsetRequests.find(wire, group) != Errors.NONE) {
            BrokerProcess.pause(5);
        }
    }

    /** What a start has to read. */
    private void state() throws IOException {
        long logs = 0;
        long segments = 0;
        long snapshots = 0;
        for (Path file : offsetsFiles()) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".log")) {
                logs += Files.size(file);
                segments++;
            } else if (name.equals("coordinator-snapshot")) {
                snapshots += Files.size(file);
            }
        }
        checks.note(
                "__consumer_offsets has %.1f MiB in %d segments (100 MiB each at most; compaction leaves the active one"
                        + " as it is), and %.1f MiB of snapshots",
                logs / (double) (1 << 20), segments, snapshots / (double) (1 << 20));
    }

    private List<Path> offsetsFiles() throws IOException {
        try (Stream<Path> all = Files.walk(distribution.logs(data))) {
            return all.filter(file -> file.toString().contains("__consumer_offsets-"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    private int removeSnapshots() throws IOException {
        int removed = 0;
        for (Path file : offsetsFiles()) {
            if (file.endsWith("coordinator-snapshot")) {
                Files.delete(file);
                removed++;
            }
        }
        return removed;
    }

    private void restart(String how, boolean limited) throws IOException {
        long begun = System.nanoTime();
        start();
        double ready = broker.awaitReady().toMillis() / 1000.0;
        int right = 0;
        try (Wire wire = new Wire(port, TIMEOUT_MILLIS)) {
            awaitFound(wire, group(0));
            for (int first = 0; first < groups; first += GROUPS_IN_A_REQUEST) {
                List<String> names = IntStream.range(first, Math.min(groups, first + GROUPS_IN_A_REQUEST))
                        .mapToObj(CoordinatorRestart::group)
                        .toList();
                right += (int) awaitOffsets(wire, names).stream()
                        .filter(offsets ->
                                offsets.size() == partitions && offsets.stream().allMatch(offset -> offset == round))
                        .count();
            }
        }
        double served = secondsSince(begun);
        double cpu = broker.stats().cpuSeconds();
        boolean fast = !limited || served * 1000 <= limitMs;
        checks.that(
                fast && right == groups,
                "%s: Metadata answered after %.2f s, all groups served after %.2f s and %.2f s of CPU, %d of %d with their last"
                        + " offsets",
                how,
                ready,
                served,
                cpu,
                right,
                groups);
    }

    private static Collection<List<Long>> awaitOffsets(Wire wire, List<String> names) throws IOException {
        while (true) {
            Map<String, List<Long>> offsets = OffsetRequests.fetch(wire, names);
            if (offsets.values().stream().noneMatch(List::isEmpty)) {
                return offsets.values();
            }
            BrokerProcess.pause(5);
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
