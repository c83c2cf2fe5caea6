package io.aeon.benchmarks.comparison;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Cost;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Program;
import io.aeon.benchmarks.broker.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows that are about records on their way to waiting consumers, at rates that leave the machine air. */
final class DeliveryRows {
    private static final int WIDE = 1000;
    private static final int ACTIVE = 10;
    private static final int CONSUMERS = 20;
    private static final int WARM_UP_SECONDS = 4;
    private static final int MICROS = 1_000_000;

    private final BrokerProcess broker;
    private final Samples samples;
    private final int seconds;

    DeliveryRows(BrokerProcess broker, Samples samples, int seconds) {
        this.broker = broker;
        this.samples = samples;
        this.seconds = seconds;
    }

    void run(Set<String> rows) throws Exception {
        if (rows.contains("open-loop")) {
            Delivered tail = deliver("open-loop", 1, 1, 1, 1000);
            samples.add(Metric.OPEN_LOOP_P999, tail.p999, tail.cost.noisy());
        }
        if (rows.contains("sparse")) {
            Delivered sparse = deliver("sparse", WIDE, ACTIVE, 1, 1000);
            samples.add(Metric.SPARSE_CPU, sparse.cpuMicros(), sparse.cost.noisy());
        }
        if (rows.contains("fan-out")) {
            Delivered fanned = deliver("fan-out", 1, 1, CONSUMERS, 5000);
            double gib = fanned.records * PacedLoad.RECORD_BYTES / Samples.GIB;
            samples.add(Metric.FAN_OUT_CPU, fanned.cost.brokerSeconds() / gib, fanned.cost.noisy());
        }
    }

    private record Delivered(double p999, double records, Cost cost) {
        double cpuMicros() {
            return cost.brokerSeconds() * MICROS / records;
        }
    }

    private Delivered deliver(String topic, int partitions, int active, int consumers, int perSecond) throws Exception {
        Topics.create(broker.bootstrap(), topic, partitions, Map.of());
        var measured = Cost.of(broker, () -> load(topic, partitions, active, consumers, perSecond));
        String[] figures = measured.value().trim().split(" ");
        return new Delivered(Double.parseDouble(figures[0]), Double.parseDouble(figures[1]), measured.cost());
    }

    private String load(String topic, int partitions, int active, int consumers, int perSecond) throws Exception {
        List<String> arguments = List.of(
                broker.bootstrap(),
                topic,
                Integer.toString(partitions),
                Integer.toString(active),
                Integer.toString(consumers),
                Integer.toString(perSecond),
                Integer.toString(WARM_UP_SECONDS),
                Integer.toString(seconds));
        return Program.run(Home.program("programs", List.of("-Xmx512m"), PacedLoad.class.getName(), arguments));
    }
}
