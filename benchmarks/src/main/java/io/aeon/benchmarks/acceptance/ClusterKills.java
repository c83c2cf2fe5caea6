package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Kills the leader of a partition with three replicas under load, again and again. What was acknowledged is there once,
 * and in the end all replicas are the same, byte by byte. The load is an idempotent producer with acks=all, or with
 * {@code --load transactions} a transactional one.
 *
 * <p>Further options: {@code --rounds}, {@code --rate}, {@code --pause-limit-ms}, {@code --seed}, {@code --flush},
 * {@code --heap}.
 */
final class ClusterKills {
    private static final String TOPIC = "replicated";
    private static final int PARTITIONS = 3;
    private static final int PATIENCE_MS = 60_000;

    private final Checks checks = new Checks();
    private final List<Long> pauses = new ArrayList<>();
    private final Arguments arguments;
    private final Random random;
    private final Path directory;
    private final KillableCluster cluster;
    private final int rate;

    private ClusterKills(Arguments arguments) throws Exception {
        this.arguments = arguments;
        int seed = arguments.number("seed", new Random().nextInt(Integer.MAX_VALUE));
        random = new Random(seed);
        rate = arguments.number("rate", 2000);
        directory = Home.newRunDirectory("cluster-kills");
        cluster = new KillableCluster(arguments, directory, checks);
        checks.note("seed %d, data in %s", seed, directory);
    }

    public static void main(String[] args) throws Exception {
        ClusterKills kills = new ClusterKills(
                new Arguments(args, Set.of("load", "rounds", "rate", "pause-limit-ms", "seed", "flush", "heap")));
        try (kills.cluster) {
            kills.run();
        }
        if (kills.checks.failed() == 0) {
            Home.delete(kills.directory);
        }
        kills.checks.exit();
    }

    private ReplicatedLoad load() {
        String load = arguments.text("load", "records");
        return switch (load) {
            case "records" -> new RecordLoad(cluster.bootstrap(), TOPIC, PARTITIONS, rate);
            case "transactions" -> new TransactionalLoad(cluster.bootstrap(), TOPIC, PARTITIONS, rate);
            default -> throw new IllegalArgumentException("--load is records or transactions, not " + load);
        };
    }

    private void run() throws Exception {
        cluster.start();
        ReplicatedLoad load;
        try (Admin admin = Topics.admin(cluster.bootstrap())) {
            cluster.awaitFormed(admin);
            NewTopic topic = new NewTopic(TOPIC, PARTITIONS, (short) KillableCluster.NODES)
                    .configs(Map.of("min.insync.replicas", "2"));
            admin.createTopics(List.of(topic)).all().get();
            load = load();
            try (load) {
                int rounds = arguments.number("rounds", 20);
                for (int round = 0; round < rounds && checks.failed() == 0; round++) {
                    killALeader(admin, load, round);
                }
            }
            checks.that(load.failure() == null, "%d kills, no request was refused (%s)", pauses.size(), load.failure());
            cluster.awaitInSync(admin, TOPIC);
        }
        load.check(checks);
        checkReplicas();
        checkPauses();
    }

    private void killALeader(Admin admin, ReplicatedLoad load, int round) throws Exception {
        cluster.awaitInSync(admin, TOPIC);
        BrokerProcess.pause(random.nextInt(1000, 3000));
        int victim = KillableCluster.partitions(admin, TOPIC)
                        .get(random.nextInt(PARTITIONS))
                        .leader()
                        .id()
                - 1;
        cluster.kill(victim);
        long pause = pauseOf(load);
        pauses.add(pause);
        checks.note("round %d: node %d killed, no acknowledgement for %d ms", round, victim + 1, pause);
        cluster.startAgain(victim);
    }

    /** The longest time without an acknowledgement until as many came as in some seconds of the load. */
    private long pauseOf(ReplicatedLoad load) {
        long last = System.nanoTime();
        long longest = 0;
        long before = load.acknowledged();
        long enough = before + 4L * rate;
        for (long now = last; load.acknowledged() < enough; now = System.nanoTime()) {
            if (now - last > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS)) {
                throw new IllegalStateException(
                        "no acknowledgements come any more (" + load.failure() + "); " + directory);
            }
            long acknowledged = load.acknowledged();
            if (acknowledged != before) {
                before = acknowledged;
                last = now;
            }
            longest = Math.max(longest, now - last);
            BrokerProcess.pause(5);
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    /** The load is short of a segment, so each partition is one file. */
    private void checkReplicas() throws Exception {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Path log = Path.of(TOPIC + "-" + partition, "00000000000000000000.log");
            for (int node = 1; node < KillableCluster.NODES; node++) {
                long differs = Files.mismatch(
                        cluster.data(0).resolve(log), cluster.data(node).resolve(log));
                checks.that(
                        differs < 0,
                        "partition %d: the log of node %d is that of node 1 (%d)",
                        partition,
                        node + 1,
                        differs);
            }
        }
    }

    private void checkPauses() {
        pauses.sort(null);
        long longest = pauses.isEmpty() ? 0 : pauses.get(pauses.size() - 1);
        int limit = arguments.number("pause-limit-ms", 12_000);
        checks.that(
                longest <= limit,
                "pause of the producer: median %d ms, longest %d of %d",
                pauses.isEmpty() ? 0 : pauses.get(pauses.size() / 2),
                longest,
                limit);
    }
}
