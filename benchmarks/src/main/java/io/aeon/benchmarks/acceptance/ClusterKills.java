package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Aeon;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.ClusterNode;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Kills the leader of a partition with three replicas under the load of an idempotent producer with acks=all, again and
 * again. No acknowledged record may be lost, none may be there twice, and in the end all replicas are the same, byte by
 * byte.
 *
 * <p>Options: {@code --rounds}, {@code --rate}, {@code --pause-limit-ms}, {@code --seed}, {@code --flush},
 * {@code --heap}.
 */
final class ClusterKills {
    private static final String TOPIC = "replicated";
    private static final int NODES = 3;
    private static final int PARTITIONS = 3;
    private static final int PATIENCE_MS = 60_000;
    private static final int ADMIN_TIMEOUT_S = 5;

    private final Checks checks = new Checks();
    private final List<Long> pauses = new ArrayList<>();
    private final BrokerProcess[] nodes = new BrokerProcess[NODES];
    private final int[] ports = new int[NODES];
    private final int[] controllerPorts = new int[NODES];
    private final Ledger ledger = new Ledger(PARTITIONS);
    private final Arguments arguments;
    private final Random random;
    private final Path directory;
    private final String bootstrap;

    private ClusterKills(Arguments arguments) throws Exception {
        this.arguments = arguments;
        int seed = arguments.number("seed", new Random().nextInt(Integer.MAX_VALUE));
        random = new Random(seed);
        for (int node = 0; node < NODES; node++) {
            ports[node] = BrokerProcess.freePort();
            controllerPorts[node] = BrokerProcess.freePort();
        }
        bootstrap = addresses(ports);
        directory = Home.newRunDirectory("cluster-kills");
        checks.note("seed %d, data in %s", seed, directory);
    }

    public static void main(String[] args) throws Exception {
        ClusterKills kills = new ClusterKills(
                new Arguments(args, Set.of("rounds", "rate", "pause-limit-ms", "seed", "flush", "heap")));
        try {
            kills.run();
        } finally {
            Arrays.stream(kills.nodes).filter(node -> node != null).forEach(BrokerProcess::close);
        }
        if (kills.checks.failed() == 0) {
            Home.delete(kills.directory);
        }
        kills.checks.exit();
    }

    private static String addresses(int[] ports) {
        return IntStream.of(ports).mapToObj(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    private Path data(int node) {
        return directory.resolve("node-" + (node + 1));
    }

    private void start(int node, String join) throws Exception {
        Aeon aeon = new Aeon(arguments.text("flush", "sync"), arguments.text("heap", ""));
        nodes[node] = BrokerProcess.start(
                new ClusterNode(aeon, node + 1, controllerPorts[node], join), data(node), ports[node], Map.of());
    }

    private void run() throws Exception {
        start(0, "");
        nodes[0].awaitReady();
        for (int node = 1; node < NODES; node++) {
            start(node, addresses(controllerPorts));
        }
        try (Admin admin = Topics.admin(bootstrap)) {
            awaitFormed(admin);
            NewTopic topic = new NewTopic(TOPIC, PARTITIONS, (short) NODES).configs(Map.of("min.insync.replicas", "2"));
            admin.createTopics(List.of(topic)).all().get();
            try (LoadProducer producer =
                    new LoadProducer(bootstrap, TOPIC, PARTITIONS, arguments.number("rate", 2000), ledger)) {
                int rounds = arguments.number("rounds", 20);
                for (int round = 0; round < rounds && checks.failed() == 0; round++) {
                    killALeader(admin, round);
                }
                checks.that(producer.failure() == null, "no record was refused (%s)", producer.failure());
            }
            awaitInSync(admin);
        }
        checkRecords();
        checkReplicas();
        checkPauses();
    }

    private void awaitFormed(Admin admin) {
        await(
                () -> admin.describeCluster()
                                        .nodes()
                                        .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS)
                                        .size()
                                == NODES
                        && admin.describeMetadataQuorum()
                                        .quorumInfo()
                                        .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS)
                                        .voters()
                                        .size()
                                == NODES,
                "three brokers and three voters");
    }

    private void killALeader(Admin admin, int round) throws Exception {
        awaitInSync(admin);
        BrokerProcess.pause(random.nextInt(1000, 3000));
        int victim = partitions(admin).get(random.nextInt(PARTITIONS)).leader().id() - 1;
        nodes[victim].kill();
        long pause = pauseOfTheProducer();
        pauses.add(pause);
        checks.note("round %d: node %d killed, no acknowledgement for %d ms", round, victim + 1, pause);
        start(victim, addresses(controllerPorts));
    }

    /** The longest time without an acknowledgement until as many came as in some seconds of the load. */
    private long pauseOfTheProducer() {
        long begun = System.nanoTime();
        long last = begun;
        long longest = 0;
        long before = ledger.acknowledged();
        long enough = before + 4L * arguments.number("rate", 2000);
        for (long now = begun; ledger.acknowledged() < enough; now = System.nanoTime()) {
            if (now - begun > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS)) {
                throw new IllegalStateException("no acknowledgements come any more; " + directory);
            }
            long acknowledged = ledger.acknowledged();
            if (acknowledged != before) {
                before = acknowledged;
                last = now;
            }
            longest = Math.max(longest, now - last);
            BrokerProcess.pause(5);
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    private static List<TopicPartitionInfo> partitions(Admin admin) throws Exception {
        return admin.describeTopics(List.of(TOPIC))
                .allTopicNames()
                .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS)
                .get(TOPIC)
                .partitions();
    }

    private void awaitInSync(Admin admin) {
        await(
                () -> partitions(admin).stream()
                        .allMatch(each -> each.leader() != null && each.isr().size() == NODES),
                "all replicas in sync");
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(Condition condition, String what) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS)) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (ExecutionException e) {
                checks.note("asked again: %s", e.getCause());
            } catch (Exception e) {
                checks.note("asked again: %s", e);
            }
            BrokerProcess.pause(100);
        }
        throw new IllegalStateException("not within " + PATIENCE_MS + " ms: " + what + "; " + directory);
    }

    private void checkRecords() {
        try (LogReader reader = new LogReader(bootstrap, TOPIC, ledger)) {
            long lost = 0;
            long[] ends = ledger.ends();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                lost += reader.lost(partition, 0, ends[partition]);
            }
            checks.that(
                    lost == 0 && ledger.contradiction().isEmpty(),
                    "%d kills, %d acknowledged records, %d lost %s",
                    pauses.size(),
                    ledger.acknowledged(),
                    lost,
                    ledger.contradiction());
            checks.that(reader.duplicates() == 0, "%d records are there twice", reader.duplicates());
        }
    }

    /** The load is short of a segment, so each partition is one file. */
    private void checkReplicas() throws Exception {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Path log = Path.of(TOPIC + "-" + partition, "00000000000000000000.log");
            for (int node = 1; node < NODES; node++) {
                long differs = Files.mismatch(data(0).resolve(log), data(node).resolve(log));
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
