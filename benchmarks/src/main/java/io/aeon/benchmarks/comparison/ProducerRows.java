package io.aeon.benchmarks.comparison;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Cost;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Program;
import io.aeon.benchmarks.broker.Tools;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows that are about what a producer asks for beside its records: an id, transactions, many partitions. */
final class ProducerRows {
    private static final int KIB = 1024;
    private static final int PARTITIONS = 6;
    private static final int WIDE = 1000;
    private static final int PRODUCERS = 4;
    private static final double MILLION = 1e6;

    private final BrokerProcess broker;
    private final Samples samples;
    private final int records;

    ProducerRows(BrokerProcess broker, Samples samples, int records) {
        this.broker = broker;
        this.samples = samples;
        this.records = records;
    }

    void run(Set<String> rows) throws Exception {
        if (rows.contains("idempotent")) {
            idempotence();
        }
        if (rows.contains("transactions")) {
            transactions();
        }
        if (rows.contains("wide")) {
            wide();
        }
    }

    /** Plain, idempotent, idempotent, plain: a broker that is warmer, or has more to keep, favours neither. */
    private void idempotence() throws Exception {
        Topics.create(broker.bootstrap(), "idempotent", PARTITIONS, Map.of());
        var plain = produce(false);
        var idempotent = produce(true);
        both(Metric.IDEMPOTENT_CPU, idempotent, produce(true));
        both(Metric.PLAIN_CPU, plain, produce(false));
    }

    private Cost.Measured<Double> produce(boolean idempotent) throws Exception {
        List<String> properties = List.of("acks=all", "enable.idempotence=" + idempotent);
        return Cost.of(broker, () -> Tools.produce(broker.bootstrap(), "idempotent", records, KIB, properties));
    }

    private void both(Metric cpu, Cost.Measured<Double> one, Cost.Measured<Double> other) throws IOException {
        double rate = 2 / (1 / one.value() + 1 / other.value());
        Cost cost = one.cost().plus(other.cost());
        samples.throughput(cpu, new Cost.Measured<>(rate, cost), 2.0 * records * KIB);
    }

    private void transactions() throws Exception {
        Topics.create(broker.bootstrap(), "transactions", PARTITIONS, Map.of());
        int count = records / TransactionClient.RECORDS;
        var measured =
                Cost.of(broker, () -> client(TransactionClient.class, "transactions", PARTITIONS, count / 4, count));
        String[] figures = measured.value().trim().split(" ");
        boolean noisy = measured.cost().noisy();
        samples.add(Metric.TRANSACTIONS_RATE, Double.parseDouble(figures[0]), noisy);
        samples.add(Metric.COMMIT_P50, Double.parseDouble(figures[1]), noisy);
        samples.add(Metric.COMMIT_P99, Double.parseDouble(figures[2]), noisy);
    }

    /** A quarter of the load goes before the one that counts. */
    private void wide() throws Exception {
        Topics.create(broker.bootstrap(), "wide", WIDE, Map.of());
        client(WideLoad.class, "wide", WIDE, PRODUCERS, records / 4);
        var measured = Cost.of(broker, () -> client(WideLoad.class, "wide", WIDE, PRODUCERS, records));
        Cost cost = measured.cost();
        samples.add(Metric.WIDE_CPU, cost.brokerSeconds() / (records / MILLION), cost.noisy());
    }

    private String client(Class<?> program, String topic, int partitions, int... numbers) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(broker.bootstrap(), topic, Integer.toString(partitions)));
        for (int number : numbers) {
            arguments.add(Integer.toString(number));
        }
        return Program.run(Home.program("programs", List.of("-Xmx512m"), program.getName(), arguments));
    }
}
