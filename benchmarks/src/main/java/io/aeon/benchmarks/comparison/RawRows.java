package io.aeon.benchmarks.comparison;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Cost;
import io.aeon.benchmarks.broker.RawConsumer;
import io.aeon.benchmarks.broker.RawProducer;
import io.aeon.benchmarks.broker.Topics;
import java.util.Map;
import java.util.Set;

/** The rows that are measured without a client library: what the broker alone can do. */
final class RawRows {
    private static final String TOPIC = "raw";
    private static final int IN_FLIGHT = 5;
    private static final int FETCH_BYTES = 1 << 20;

    private final BrokerProcess broker;
    private final Samples samples;
    private final int requests;

    RawRows(BrokerProcess broker, Samples samples, int requests) {
        this.broker = broker;
        this.samples = samples;
        this.requests = requests;
    }

    void run(Set<String> rows) throws Exception {
        if (!rows.contains("produce-raw") && !rows.contains("fetch-raw")) {
            return;
        }
        Topics.create(broker.bootstrap(), TOPIC, 1, Map.of());
        try (RawProducer producer = new RawProducer(broker.port(), TOPIC, (short) 1)) {
            producer.send(requests / 4, IN_FLIGHT);
            var produced = Cost.of(broker, () -> producer.send(requests, IN_FLIGHT));
            samples.throughput(Metric.PRODUCE_RAW_CPU, produced, RawProducer.bytes(requests));
        }
        if (rows.contains("fetch-raw")) {
            fetch();
        }
    }

    private void fetch() throws Exception {
        long records = (long) requests * RawProducer.RECORDS;
        try (RawConsumer consumer = new RawConsumer(broker.port(), TOPIC, FETCH_BYTES)) {
            consumer.fetch(records / 4);
            var fetched = Cost.of(broker, () -> consumer.fetch(records));
            samples.throughput(Metric.FETCH_RAW_CPU, fetched, RawProducer.bytes(requests));
        }
    }
}
