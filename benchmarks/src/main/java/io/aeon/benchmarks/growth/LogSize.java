package io.aeon.benchmarks.growth;

import io.aeon.benchmarks.broker.RawConsumer;
import io.aeon.benchmarks.broker.RawProducer;
import io.aeon.benchmarks.broker.Topics;
import java.util.Map;

/** One partition that grows: appending to its end, and reading the same records at its beginning again and again. */
final class LogSize {
    private static final String TOPIC = "log-size";
    private static final int REQUESTS_PER_GIB = (1 << 30) / (RawProducer.RECORDS * RawProducer.RECORD_BYTES);
    private static final int REQUESTS = REQUESTS_PER_GIB / 4;
    private static final long RECORDS = (long) REQUESTS * RawProducer.RECORDS;
    private static final int FETCH_BYTES = 1 << 20;
    private static final int IN_FLIGHT = 5;
    private static final int PASSES = 4;

    private final RawProducer producer;
    private int written;

    private LogSize(RawProducer producer) {
        this.producer = producer;
    }

    static void measure(Turn turn) throws Exception {
        int port = turn.broker().port();
        Topics.create(turn.broker().bootstrap(), TOPIC, 1, Map.of());
        try (RawProducer producer = new RawProducer(port, TOPIC, (short) 1);
                RawConsumer consumer = new RawConsumer(port, TOPIC, FETCH_BYTES)) {
            LogSize log = new LogSize(producer);
            for (int gib : Axis.LOG_SIZE.points) {
                log.append(gib * REQUESTS_PER_GIB - REQUESTS - log.written);
                turn.measure(Operation.PRODUCE, gib, REQUESTS, RECORDS, log::append);
                turn.measure(Operation.CONSUME, gib, PASSES, (double) PASSES * RECORDS, times -> {
                    for (int i = 0; i < times; i++) {
                        consumer.fetch(RECORDS);
                    }
                });
            }
        }
    }

    private void append(int requests) throws Exception {
        producer.send(requests, IN_FLIGHT);
        written += requests;
    }
}
