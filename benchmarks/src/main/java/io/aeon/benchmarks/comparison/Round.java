package io.aeon.benchmarks.comparison;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Cost;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Tools;
import io.aeon.benchmarks.broker.Topics;
import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One broker's turn: it is started on an empty directory, measured, and gone with its data in the end. */
final class Round {
    private static final Set<String> LOAD_ROWS = Set.of(
            "memory",
            "produce-1k",
            "produce-100",
            "produce-raw",
            "produce-all-1",
            "produce-all",
            "idempotent",
            "transactions",
            "wide",
            "consume-1k",
            "consume-100",
            "fetch-raw",
            "fan-out",
            "sparse",
            "latency",
            "open-loop",
            "connections",
            "connections-10000");

    /** Kafka's default waits 3 s before each group's first rebalance, which would only add to everybody's time. */
    private static final Map<String, String> SETTINGS = Map.of("group.initial.rebalance.delay.ms", "0");

    private static final int KIB = 1024;
    private static final int SMALL = 100;
    private static final int CONNECTIONS = 500;
    private static final int MANY_CONNECTIONS = 10_000;
    private static final int TIMEOUT_MILLIS = 30_000;

    private final int number;
    private final Distribution distribution;
    private final Set<String> rows;
    private final Sizes sizes;
    private final Results results;
    private final Path directory;
    private final Samples samples = this::add;

    Round(int number, Distribution distribution, Set<String> rows, Sizes sizes, Results results, Path directory) {
        this.number = number;
        this.distribution = distribution;
        this.rows = rows;
        this.sizes = sizes;
        this.results = results;
        this.directory = directory.resolve(number + "-" + distribution.name());
    }

    void run() throws Exception {
        if (rows.contains("start") || rows.stream().anyMatch(LOAD_ROWS::contains)) {
            onFreshBroker(this::load);
        }
        if (rows.contains("partitions-1000")) {
            onFreshBroker(broker -> partitions(broker, 1000, Metric.CREATE_1000, Metric.RESTART_1000));
        }
        if (rows.contains("partitions-5000")) {
            onFreshBroker(broker -> partitions(broker, 5000, Metric.CREATE_5000, Metric.RESTART_5000));
        }
        new ClusterRound(distribution, rows, sizes, samples, directory).run();
    }

    private interface Measurement {
        void on(BrokerProcess broker) throws Exception;
    }

    private void onFreshBroker(Measurement measurement) throws Exception {
        Cost.awaitQuiet();
        try (BrokerProcess broker = BrokerProcess.start(distribution, directory, BrokerProcess.freePort(), SETTINGS)) {
            Duration ready = broker.awaitReady();
            if (rows.contains("start")) {
                add(Metric.START, ready.toNanos() / 1e6, false);
            }
            measurement.on(broker);
        } finally {
            Home.delete(directory);
        }
    }

    private void load(BrokerProcess broker) throws Exception {
        if (rows.stream().noneMatch(LOAD_ROWS::contains)) {
            return;
        }
        BrokerProcess.pause(sizes.idleSeconds() * 1000L);
        add(Metric.MEMORY_IDLE, broker.stats().anonymousMiB(), false);
        Topics.create(broker.bootstrap(), "warm-up", 1, Map.of());
        Tools.produce(broker.bootstrap(), "warm-up", sizes.warmUp(), KIB, List.of("acks=1"));
        Tools.consume(broker.bootstrap(), "warm-up", sizes.warmUp());

        boolean memory = rows.contains("memory");
        if (memory || rows.contains("produce-1k") || rows.contains("consume-1k")) {
            produce(broker, "1k", 1, sizes.records1k(), KIB, List.of("acks=1"), Metric.PRODUCE_1K_CPU);
        }
        if (memory || rows.contains("consume-1k")) {
            consume(broker, "1k", sizes.records1k(), KIB, Metric.CONSUME_1K_CPU);
        }
        if (rows.contains("produce-100") || rows.contains("consume-100")) {
            produce(broker, "100", 1, sizes.records100(), SMALL, List.of("acks=1"), Metric.PRODUCE_100_CPU);
        }
        if (rows.contains("consume-100")) {
            consume(broker, "100", sizes.records100(), SMALL, Metric.CONSUME_100_CPU);
        }
        if (rows.contains("produce-all")) {
            List<String> properties = List.of("acks=all", "batch.size=65536", "linger.ms=5");
            produce(broker, "all", 6, sizes.records1k(), KIB, properties, Metric.PRODUCE_ALL_CPU);
        }
        if (rows.contains("produce-all-1")) {
            List<String> properties = List.of("acks=all", "batch.size=65536", "linger.ms=5");
            produce(broker, "all-1", 1, sizes.records1k(), KIB, properties, Metric.PRODUCE_ALL_ONE_CPU);
        }
        new ProducerRows(broker, samples, sizes.records1k()).run(rows);
        new RawRows(broker, samples, sizes.rawRequests()).run(rows);
        if (rows.contains("latency")) {
            latency(broker);
        }
        new DeliveryRows(broker, samples, sizes.seconds()).run(rows);
        if (memory) {
            add(Metric.MEMORY_LOADED, broker.stats().anonymousMiB(), false);
        }
        if (rows.contains("connections")) {
            connections(broker, CONNECTIONS, Metric.CONNECTIONS);
        }
        if (rows.contains("connections-10000")) {
            connections(broker, MANY_CONNECTIONS, Metric.CONNECTIONS_MANY);
        }
    }

    private void produce(
            BrokerProcess broker,
            String topic,
            int partitions,
            int records,
            int size,
            List<String> properties,
            Metric cpu)
            throws Exception {
        Topics.create(broker.bootstrap(), topic, partitions, Map.of());
        var measured = Cost.of(broker, () -> Tools.produce(broker.bootstrap(), topic, records, size, properties));
        samples.throughput(cpu, measured, (double) records * size);
    }

    private void consume(BrokerProcess broker, String topic, int records, int size, Metric cpu) throws Exception {
        var measured = Cost.of(broker, () -> Tools.consume(broker.bootstrap(), topic, records));
        samples.throughput(cpu, measured, (double) records * size);
    }

    private void latency(BrokerProcess broker) throws Exception {
        Topics.create(broker.bootstrap(), "latency", 1, Map.of());
        var measured = Cost.of(
                broker,
                () -> LatencyClient.measure(
                        broker.bootstrap(), "latency", sizes.latencyWarmUp(), sizes.latency(), "1"));
        add(Metric.LATENCY_P50, measured.value().p50(), measured.cost().noisy());
        add(Metric.LATENCY_P99, measured.value().p99(), measured.cost().noisy());
    }

    private void connections(BrokerProcess broker, int count, Metric metric) throws Exception {
        double before = broker.stats().anonymousMiB();
        List<Wire> connections = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                Wire connection = new Wire(broker.port(), TIMEOUT_MILLIS);
                connections.add(connection);
                connection.knowsBrokers();
            }
            BrokerProcess.pause(1000);
            double each = (broker.stats().anonymousMiB() - before) * KIB / count;
            add(metric, each, false);
        } finally {
            for (Wire connection : connections) {
                connection.close();
            }
        }
    }

    /** A partition counts when it answers for its end. */
    private void partitions(BrokerProcess broker, int count, Metric create, Metric restart) throws Exception {
        var created = Cost.of(broker, () -> {
            long begun = System.nanoTime();
            Topics.create(broker.bootstrap(), "wide", count, Map.of());
            return (System.nanoTime() - begun) / 1e9;
        });
        add(create, created.value(), created.cost().noisy());
        broker.stop();
        Cost.awaitQuiet();
        long begun = System.nanoTime();
        try (BrokerProcess again = BrokerProcess.start(distribution, directory, broker.port(), SETTINGS)) {
            again.awaitLeaders("wide", count);
            Topics.awaitEnds(again.bootstrap(), "wide", count);
            add(restart, (System.nanoTime() - begun) / 1e9, false);
        }
    }

    private void add(Metric metric, double value, boolean noisy) throws IOException {
        results.add(number, distribution.name(), metric, value, noisy);
        System.err.printf(
                "round %d %-9s %-55s %10.2f %s%n", number, distribution.name(), metric.label, value, metric.unit);
    }
}
