package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Kills the broker in the middle of a rebalance, again and again: a classic group, a group of the consumer protocol,
 * and one that goes from either to the other, member by member. Every group must be stable again within its session
 * timeout, no acknowledged commit may be lost, no partition may have two owners and no record may be skipped.
 *
 * <p>Options: {@code --rounds}, {@code --rate}, {@code --session-ms}, {@code --stable-limit-ms}, {@code --seed},
 * {@code --broker}, {@code --flush}, {@code --heap}.
 */
final class GroupKills {
    private static final String TOPIC = "shared";
    private static final int PARTITIONS = 6;

    /** After this many members of one protocol the migrating group gets as many of the other. */
    private static final int MIGRATION = 4;

    /** A member hears of a change with its next heartbeat. */
    private static final int HEARTBEAT_MS = 3000;

    private static final int PATIENCE_MS = 60_000;

    private final Checks checks = new Checks();
    private final List<Long> stableMillis = new ArrayList<>();
    private final Arguments arguments;
    private final Distribution distribution;
    private final Random random;
    private final Path directory;
    private final int port = BrokerProcess.freePort();
    private final String bootstrap = "127.0.0.1:" + port;
    private final int sessionMs;
    private BrokerProcess broker;

    private GroupKills(Arguments arguments) throws Exception {
        this.arguments = arguments;
        distribution = Distribution.of(arguments);
        int seed = arguments.number("seed", new Random().nextInt(Integer.MAX_VALUE));
        random = new Random(seed);
        sessionMs = arguments.number("session-ms", 10_000);
        directory = Home.newRunDirectory("group-kills");
        checks.note("%s, seed %d, data in %s", distribution.name(), seed, directory);
    }

    public static void main(String[] args) throws Exception {
        Set<String> known =
                Set.of("rounds", "rate", "session-ms", "stable-limit-ms", "seed", "broker", "flush", "heap");
        GroupKills kills = new GroupKills(new Arguments(args, known));
        kills.run();
        if (kills.checks.failed() == 0) {
            Home.delete(kills.directory);
        }
        kills.checks.exit();
    }

    private void start() throws Exception {
        String session = Integer.toString(sessionMs);
        broker = BrokerProcess.start(
                distribution,
                directory.resolve("data"),
                port,
                Map.of(
                        "group.initial.rebalance.delay.ms", "0",
                        "group.consumer.min.session.timeout.ms", session,
                        "group.consumer.session.timeout.ms", session,
                        "group.consumer.min.heartbeat.interval.ms", "1000",
                        "group.consumer.heartbeat.interval.ms", "1000"));
        broker.awaitReady();
    }

    private WatchedGroup group(String name, IntPredicate consumerProtocol) {
        return new WatchedGroup(bootstrap, TOPIC, name, PARTITIONS, sessionMs, consumerProtocol);
    }

    private void run() throws Exception {
        start();
        Topics.create(bootstrap, TOPIC, PARTITIONS, Map.of());
        Ledger ledger = new Ledger(PARTITIONS);
        try (Admin admin = Topics.admin(bootstrap);
                WatchedGroup classic = group("classic", number -> false);
                WatchedGroup consumer = group("consumer", number -> true);
                WatchedGroup migrating = group("migrating", number -> number / MIGRATION % 2 == 1)) {
            List<WatchedGroup> groups = List.of(classic, consumer, migrating);
            try (LoadProducer producer =
                    new LoadProducer(bootstrap, TOPIC, PARTITIONS, arguments.number("rate", 1000), ledger)) {
                awaitStable(admin, groups, "at the beginning");
                int rounds = arguments.number("rounds", 100);
                for (int round = 0; round < rounds && checks.failed() == 0; round++) {
                    round(admin, groups, round);
                }
                checks.that(producer.failure() == null, "no record was refused (%s)", producer.failure());
            }
            finish(admin, groups, ledger);
        } finally {
            broker.kill();
        }
    }

    private void round(Admin admin, List<WatchedGroup> groups, int round) throws Exception {
        Map<WatchedGroup, Map<TopicPartition, Long>> committed = new HashMap<>();
        groups.forEach(WatchedGroup::replaceOldest);
        BrokerProcess.pause(random.nextInt(1500));
        groups.forEach(group -> committed.put(group, group.seen().committed()));
        broker.kill();
        start();
        long millis = awaitStable(admin, groups, "in round " + round);
        stableMillis.add(millis);
        for (WatchedGroup group : groups) {
            List<String> lost = group.lostCommits(admin, committed.get(group));
            if (!lost.isEmpty()
                    || !group.seen().faults().isEmpty()
                    || !group.failures().isEmpty()) {
                checks.that(
                        false,
                        "round %d: group %s: commits lost %s, faults %s, members failed %s",
                        round,
                        group.name(),
                        lost,
                        group.seen().faults(),
                        group.failures());
            }
        }
    }

    /** Milliseconds until all groups are stable. */
    private long awaitStable(Admin admin, List<WatchedGroup> groups, String when) {
        long begun = System.nanoTime();
        long millis = 0;
        for (WatchedGroup group : groups) {
            while (!group.isStable(admin) && millis < PATIENCE_MS) {
                BrokerProcess.pause(50);
                millis = (System.nanoTime() - begun) / 1_000_000;
            }
            if (!group.isStable(admin)) {
                checks.that(false, "%s group %s is not stable after %d ms", when, group.name(), millis);
            }
        }
        return millis;
    }

    private void finish(Admin admin, List<WatchedGroup> groups, Ledger ledger) throws Exception {
        Map<Integer, Long> ends = Topics.ends(admin, TOPIC, PARTITIONS);
        long records = ends.values().stream().mapToLong(Long::longValue).sum();
        long begun = System.nanoTime();
        while (groups.stream().anyMatch(group -> group.seen().delivered() < records)
                && System.nanoTime() - begun < PATIENCE_MS * 1_000_000L) {
            BrokerProcess.pause(50);
        }
        for (WatchedGroup group : groups) {
            checks.that(
                    group.seen().delivered() == records && group.seen().faults().isEmpty(),
                    "group %s: %d of %d records delivered, %d again; never two owners, nothing skipped %s",
                    group.name(),
                    group.seen().delivered(),
                    records,
                    group.seen().repeated(),
                    group.seen().faults());
        }
        times(ledger);
    }

    private void times(Ledger ledger) {
        if (stableMillis.isEmpty()) {
            return;
        }
        stableMillis.sort(null);
        long slowest = stableMillis.get(stableMillis.size() - 1);
        int limit = arguments.number("stable-limit-ms", sessionMs + HEARTBEAT_MS);
        checks.that(
                checks.failed() == 0,
                "%d kills in a rebalance, %d acknowledged records, no commit lost",
                stableMillis.size(),
                ledger.acknowledged());
        checks.that(
                slowest <= limit,
                "ready to stable: median %d ms, longest %d ms of %d; the session timeout is %d ms",
                stableMillis.get(stableMillis.size() / 2),
                slowest,
                limit,
                sessionMs);
    }
}
