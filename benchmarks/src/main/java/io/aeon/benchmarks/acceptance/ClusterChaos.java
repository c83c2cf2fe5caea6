package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/**
 * One fault after the other, each on one of three nodes under the load of producers and groups. When it is over the
 * cluster becomes whole by itself, and all clients go on. What was acknowledged is there once and in its order; in the
 * end all replicas are the same.
 *
 * <p>Further options: {@code --faults}, names of {@link NodeFault}; {@code --rounds}; {@code --rate} of each producer;
 * {@code --longest-ms} of a fault; {@code --seed}, {@code --broker}, {@code --flush}, {@code --heap}.
 */
final class ClusterChaos {
    private static final int LONGEST_DOWN_MS = 3000;
    private static final int LEAST_MS = 200;
    private static final int REBALANCE_MS = 1500;
    /** For so long at most a node that was away tells what was true before. */
    private static final int UNAWARE_MS = 500;

    private final Checks checks = new Checks();
    private final Map<NodeFault, Times> times = new EnumMap<>(NodeFault.class);
    private final Arguments arguments;
    private final List<NodeFault> faults;
    private final Random random;
    private final Path directory;
    private final KillableCluster cluster;
    private final int longestMs;

    /**
     * Without a record acknowledged, without a transaction committed, and from the end of a fault until all is well.
     */
    private record Times(Millis records, Millis transactions, Millis recovery) {
        Times() {
            this(new Millis(), new Millis(), new Millis());
        }
    }

    private ClusterChaos(Arguments arguments) throws Exception {
        this.arguments = arguments;
        int seed = arguments.number("seed", new Random().nextInt(Integer.MAX_VALUE));
        random = new Random(seed);
        longestMs = arguments.number("longest-ms", 12_000);
        String names = arguments.text("faults", "kill,stop,wipe,pause,cut,separate");
        faults = Arrays.stream(names.toUpperCase(Locale.ROOT).split(","))
                .map(NodeFault::valueOf)
                .toList();
        NodeNetwork network = faults.stream().anyMatch(NodeFault::needsLinks)
                ? new Namespaces(KillableCluster.NODES)
                : new Loopback();
        directory = Home.newRunDirectory("cluster-chaos");
        cluster = new KillableCluster(arguments, directory, checks, network, ChaosLoad.NODE_SETTINGS);
        checks.note("seed %d, faults %s, data in %s", seed, faults, directory);
    }

    public static void main(String[] args) throws Exception {
        ClusterChaos chaos = new ClusterChaos(new Arguments(
                args, Set.of("faults", "rounds", "rate", "longest-ms", "seed", "broker", "flush", "heap")));
        try (chaos.cluster) {
            chaos.run();
        } catch (Exception e) {
            chaos.checks.that(false, "%s", e);
        }
        if (chaos.checks.failed() == 0) {
            Home.delete(chaos.directory);
        }
        chaos.checks.exit();
    }

    private void run() throws Exception {
        cluster.start();
        NodeFiles files = new NodeFiles(cluster, checks);
        try (Admin admin = Topics.admin(cluster.bootstrap())) {
            cluster.awaitFormed(admin);
            ChaosLoad load = new ChaosLoad(cluster.bootstrap(), admin, checks, arguments.number("rate", 300));
            int rounds = arguments.number("rounds", 20);
            for (int round = 0; round < rounds && checks.failed() == 0; round++) {
                round(admin, load, round);
            }
            load.checkAll();
            cluster.awaitWhole(admin);
            for (String topic : ChaosLoad.TOPICS) {
                files.checkReplicas(topic, ChaosLoad.PARTITIONS);
            }
            ReplicaVerification.check(cluster.bootstrap(), String.join("|", ChaosLoad.TOPICS), checks);
        } finally {
            files.checkErrors();
            times.forEach((fault, each) -> checks.note(
                    "%s, %d times: no record for %s; no transaction for %s; all well after %s",
                    fault, each.records.count(), each.records, each.transactions, each.recovery));
        }
    }

    private void round(Admin admin, ChaosLoad load, int round) throws Exception {
        cluster.awaitWhole(admin);
        load.stir();
        BrokerProcess.pause(random.nextInt(REBALANCE_MS));
        NodeFault fault = faults.get(random.nextInt(faults.size()));
        int node = random.nextInt(KillableCluster.NODES);
        int millis = random.nextInt(LEAST_MS, fault.endsProcess() ? LONGEST_DOWN_MS : longestMs);
        checks.note("round %d: node %d %s for %d ms", round, node + 1, fault, millis);
        fault.begin(cluster, node);
        BrokerProcess.pause(millis);
        fault.end(cluster, node);
        long over = System.nanoTime();
        BrokerProcess.pause(UNAWARE_MS);
        cluster.awaitWhole(admin);
        load.awaitWell();
        long recovery = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - over);
        checks.note(
                "round %d: no record for %d ms, no transaction for %d ms, all well after %d ms",
                round, load.longestWithoutRecordMillis(), load.longestWithoutTransactionMillis(), recovery);
        Times seen = times.computeIfAbsent(fault, absent -> new Times());
        seen.records.add(load.longestWithoutRecordMillis());
        seen.transactions.add(load.longestWithoutTransactionMillis());
        seen.recovery.add(recovery);
        load.checkRound(round);
    }
}
