package io.aeon.benchmarks.comparison;

import io.aeon.benchmarks.acceptance.Checks;
import io.aeon.benchmarks.acceptance.KillableCluster;
import io.aeon.benchmarks.broker.Aeon;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Cost;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.ProcessStats;
import io.aeon.benchmarks.broker.Tools;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * One turn of a cluster of three nodes, every topic with three replicas and every producer with acks=all. Its figures
 * are those of the three brokers together.
 */
final class ClusterRound {
    static final String PREFIX = "cluster-";
    private static final Set<String> LOAD_ROWS = Set.of(
            "cluster-memory",
            "cluster-produce-1k",
            "cluster-produce-1",
            "cluster-produce-100",
            "cluster-latency",
            "cluster-catch-up");

    private static final int KIB = 1024;
    private static final int SMALL = 100;
    private static final int PARTITIONS = 6;
    private static final int RESTING = 1000;
    private static final int MANY = 3000;
    private static final int SETTLING_SECONDS = 15;
    private static final int RESTING_SECONDS = 30;
    private static final List<String> LARGE_BATCHES = List.of("acks=all", "batch.size=65536", "linger.ms=5");

    private final Distribution distribution;
    private final Set<String> rows;
    private final Sizes sizes;
    private final Samples samples;
    private final Path directory;

    ClusterRound(Distribution distribution, Set<String> rows, Sizes sizes, Samples samples, Path directory) {
        this.distribution = distribution;
        this.rows = rows;
        this.sizes = sizes;
        this.samples = samples;
        this.directory = directory;
    }

    void run() throws Exception {
        if (rows.stream().anyMatch(LOAD_ROWS::contains)) {
            onFreshCluster(this::load);
        }
        if (rows.contains("cluster-idle")) {
            onFreshCluster(this::idle);
        }
        if (rows.contains("cluster-partitions")) {
            onFreshCluster(this::partitions);
        }
    }

    private interface Measurement {
        void on(KillableCluster cluster, Admin admin) throws Exception;
    }

    private void onFreshCluster(Measurement measurement) throws Exception {
        Cost.awaitQuiet();
        Files.createDirectories(directory);
        try (KillableCluster cluster = new KillableCluster(arguments(), directory, new Checks())) {
            cluster.start();
            try (Admin admin = Topics.admin(cluster.bootstrap())) {
                cluster.awaitFormed(admin);
                measurement.on(cluster, admin);
            }
        } finally {
            Home.delete(directory);
        }
    }

    private Arguments arguments() {
        String[] options = distribution instanceof Aeon aeon
                ? new String[] {"--broker", "aeon", "--flush", aeon.flush()}
                : new String[] {"--broker", "kafka"};
        return new Arguments(options, Set.of("broker", "flush"));
    }

    private void load(KillableCluster cluster, Admin admin) throws Exception {
        boolean memory = rows.contains("cluster-memory");
        if (memory) {
            BrokerProcess.pause(sizes.idleSeconds() * 1000L);
            samples.add(Metric.CLUSTER_MEMORY_IDLE, memory(cluster), false);
        }
        if (memory || rows.stream().anyMatch(row -> row.startsWith("cluster-produce"))) {
            create(cluster, "warm-up", PARTITIONS);
            Tools.produce(cluster.bootstrap(), "warm-up", sizes.warmUp(), KIB, LARGE_BATCHES);
        }
        if (memory || rows.contains("cluster-produce-1k")) {
            produce(cluster, "1k", PARTITIONS, sizes.records1k(), KIB, Metric.CLUSTER_PRODUCE_1K_CPU);
        }
        if (rows.contains("cluster-produce-1")) {
            produce(cluster, "1", 1, sizes.records1k(), KIB, Metric.CLUSTER_PRODUCE_ONE_CPU);
        }
        if (rows.contains("cluster-produce-100")) {
            produce(cluster, "100", PARTITIONS, sizes.records100(), SMALL, Metric.CLUSTER_PRODUCE_100_CPU);
        }
        if (rows.contains("cluster-latency")) {
            latency(cluster);
        }
        if (memory) {
            samples.add(Metric.CLUSTER_MEMORY_LOADED, memory(cluster), false);
        }
        if (rows.contains("cluster-catch-up")) {
            catchUp(cluster, admin);
        }
    }

    private static double memory(KillableCluster cluster) throws IOException {
        double sum = 0;
        for (ProcessStats node : cluster.stats()) {
            sum += node.anonymousMiB();
        }
        return sum;
    }

    private static void create(KillableCluster cluster, String topic, int partitions) throws Exception {
        Topics.create(cluster.bootstrap(), topic, partitions, KillableCluster.NODES, Map.of());
    }

    private void produce(KillableCluster cluster, String topic, int partitions, int records, int size, Metric cpu)
            throws Exception {
        create(cluster, topic, partitions);
        var measured =
                Cost.of(cluster.stats(), () -> Tools.produce(cluster.bootstrap(), topic, records, size, LARGE_BATCHES));
        samples.throughput(cpu, measured, (double) records * size);
    }

    private void latency(KillableCluster cluster) throws Exception {
        create(cluster, "latency", 1);
        var measured = Cost.of(
                cluster.stats(),
                () -> LatencyClient.measure(
                        cluster.bootstrap(), "latency", sizes.latencyWarmUp(), sizes.latency(), "all"));
        samples.add(
                Metric.CLUSTER_LATENCY_P50,
                measured.value().p50(),
                measured.cost().noisy());
        samples.add(
                Metric.CLUSTER_LATENCY_P99,
                measured.value().p99(),
                measured.cost().noisy());
    }

    private void idle(KillableCluster cluster, Admin admin) throws Exception {
        create(cluster, "resting", RESTING);
        BrokerProcess.pause(SETTLING_SECONDS * 1000L);
        var rest = Cost.of(cluster.stats(), () -> {
            BrokerProcess.pause(RESTING_SECONDS * 1000L);
            return RESTING_SECONDS;
        });
        samples.add(
                Metric.CLUSTER_IDLE_CPU,
                100 * rest.cost().brokerSeconds() / rest.cost().wallSeconds(),
                rest.cost().noisy());
    }

    /** A node is back when it is in sync in every partition. */
    private void partitions(KillableCluster cluster, Admin admin) throws Exception {
        var created = Cost.of(cluster.stats(), () -> {
            long begun = System.nanoTime();
            create(cluster, "wide", MANY);
            return (System.nanoTime() - begun) / 1e9;
        });
        samples.add(Metric.CLUSTER_CREATE, created.value(), created.cost().noisy());
        cluster.awaitInSync(admin, "wide");
        int node = KillableCluster.NODES - 1;
        cluster.stop(node);
        Cost.awaitQuiet();
        long begun = System.nanoTime();
        cluster.startAgain(node);
        cluster.awaitInSync(admin, "wide");
        samples.add(Metric.CLUSTER_RESTART, (System.nanoTime() - begun) / 1e9, false);
    }

    /** Counts from the first of the missed bytes that is in the files of the node to the last one. */
    private void catchUp(KillableCluster cluster, Admin admin) throws Exception {
        int node = KillableCluster.NODES - 1;
        create(cluster, "missed", PARTITIONS);
        cluster.stop(node);
        int records = sizes.catchUpMiB() * KIB;
        Tools.produce(cluster.bootstrap(), "missed", records, KIB, LARGE_BATCHES);
        long missed = bytes(cluster.logs(0));
        cluster.startAgain(node);
        long first;
        do {
            BrokerProcess.pause(2);
            first = bytes(cluster.logs(node));
        } while (first == 0);
        long begun = System.nanoTime();
        while (bytes(cluster.logs(node)) < missed) {
            BrokerProcess.pause(2);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        samples.add(Metric.CLUSTER_CATCH_UP, (missed - first) / seconds / (1 << 20), false);
        cluster.awaitInSync(admin, "missed");
    }

    /** Aeon makes no directory for a partition without records. */
    private static long bytes(Path logs) throws IOException {
        long bytes = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Path log = logs.resolve("missed-" + partition);
            if (!Files.exists(log)) {
                continue;
            }
            try (Stream<Path> files = Files.list(log)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".log")).toList()) {
                    bytes += Files.size(file);
                }
            }
        }
        return bytes;
    }
}
