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

    /**
     * Times the records are read before it counts: the compilers of both brokers' JVMs are at work for about as long.
     */
    static final int WARM_UP_PASSES = 6;

    static final int PASSES = 4;

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
            producer.send(requests, IN_FLIGHT);
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
            fetch(consumer, records, WARM_UP_PASSES);
            var fetched = Cost.of(broker, () -> fetch(consumer, records, PASSES));
            samples.throughput(Metric.FETCH_RAW_CPU, fetched, PASSES * RawProducer.bytes(requests));
        }
    }

    private static double fetch(RawConsumer consumer, long records, int passes) throws Exception {
        double secondsPerMib = 0;
        for (int i = 0; i < passes; i++) {
            secondsPerMib += 1 / consumer.fetch(records);
        }
        return passes / secondsPerMib;
    }
}
