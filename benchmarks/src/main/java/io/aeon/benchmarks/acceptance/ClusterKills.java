package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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

    private final Checks checks = new Checks();
    private final Millis pauses = new Millis();
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
            checks.that(
                    load.failure() == null, "%d kills, no request was refused (%s)", pauses.count(), load.failure());
            cluster.awaitInSync(admin, TOPIC);
        }
        load.check(checks);
        new NodeFiles(cluster, checks).checkReplicas(TOPIC, PARTITIONS);
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
        long pause;
        try (Silence silence = new Silence(load::acknowledged)) {
            cluster.kill(victim);
            silence.awaitMore(4L * rate);
            pause = silence.longestMillis();
        }
        pauses.add(pause);
        checks.note("round %d: node %d killed, no acknowledgement for %d ms", round, victim + 1, pause);
        cluster.startAgain(victim);
    }

    private void checkPauses() {
        int limit = arguments.number("pause-limit-ms", 12_000);
        checks.that(pauses.longest() <= limit, "pause of the producer: %s of %d", pauses, limit);
    }
}
