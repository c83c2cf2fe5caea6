package io.aeon.benchmarks.growth;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Produce;
import io.aeon.benchmarks.broker.RawProducer;
import io.aeon.benchmarks.broker.RawRequests;
import io.aeon.benchmarks.broker.Topics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * The same small batches, one a request, to all partitions in turn; then one consumer reads them all. A producer of the
 * client library would put more batches into a request the more partitions there are and the slower the broker is.
 */
final class Partitions {
    private static final int REQUESTS = 40_000;
    private static final int RECORDS = 4;
    private static final int RECORD_BYTES = 100;
    private static final int IN_FLIGHT = 5;
    private static final int PASSES = 4;

    private Partitions() {}

    static void measure(Turn turn) throws Exception {
        for (int partitions : Axis.PARTITIONS.points) {
            String topic = "partitions-" + partitions;
            Topics.create(turn.broker().bootstrap(), topic, partitions, Map.of());
            produce(turn, topic, partitions);
            consume(turn, topic, partitions);
        }
    }

    private static void produce(Turn turn, String topic, int partitions) throws Exception {
        MemoryRecords batch = RawProducer.batch(RECORDS, RECORD_BYTES);
        List<ByteBuffer> frames = IntStream.range(0, partitions)
                .mapToObj(number -> Produce.frame(new TopicPartition(topic, number), batch, (short) 1))
                .toList();
        try (RawRequests requests = new RawRequests(turn.broker().port(), 1, frames, Produce::check)) {
            turn.measure(
                    Operation.PRODUCE,
                    partitions,
                    REQUESTS,
                    (double) REQUESTS * RECORDS,
                    count -> requests.send(count, IN_FLIGHT));
        }
    }

    private static void consume(Turn turn, String topic, int partitions) throws Exception {
        BrokerProcess broker = turn.broker();
        try (WholeTopic consumer = new WholeTopic(broker.bootstrap(), topic, partitions)) {
            double records = (double) PASSES * consumer.records();
            turn.measure(Operation.CONSUME, partitions, PASSES, records, consumer::read);
        }
    }
}
