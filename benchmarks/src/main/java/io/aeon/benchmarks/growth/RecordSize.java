package io.aeon.benchmarks.growth;

import io.aeon.benchmarks.broker.Produce;
import io.aeon.benchmarks.broker.RawConsumer;
import io.aeon.benchmarks.broker.RawProducer;
import io.aeon.benchmarks.broker.RawRequests;
import io.aeon.benchmarks.broker.Topics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Batches as large as a producer makes them by default, or of one record that is larger; then fetches of 1 MiB. */
final class RecordSize {
    private static final int BATCH_BYTES = 16 << 10;
    private static final int OVERHEAD_BYTES = 8;
    private static final int MOST_REQUESTS = 10_000;
    private static final int MOST_BYTES = 512 << 20;
    private static final int FETCH_BYTES = 1 << 20;
    private static final int IN_FLIGHT = 5;
    private static final int PASSES = 4;

    /** The largest record is a little more than the default admits. */
    private static final Map<String, String> SETTINGS = Map.of("max.message.bytes", Integer.toString(2 << 20));

    private RecordSize() {}

    static void measure(Turn turn) throws Exception {
        for (int bytes : Axis.RECORD_SIZE.points) {
            TopicPartition partition = new TopicPartition("bytes-" + bytes, 0);
            Topics.create(turn.broker().bootstrap(), partition.topic(), 1, SETTINGS);
            int inBatch = Math.max(1, BATCH_BYTES / (bytes + OVERHEAD_BYTES));
            int count = Math.min(MOST_REQUESTS, MOST_BYTES / (inBatch * bytes));
            produce(turn, partition, bytes, inBatch, count);
            consume(turn, partition, bytes, (long) inBatch * count);
        }
    }

    private static void produce(Turn turn, TopicPartition partition, int bytes, int inBatch, int count)
            throws Exception {
        ByteBuffer frame = Produce.frame(partition, RawProducer.batch(inBatch, bytes), (short) 1);
        try (RawRequests requests = new RawRequests(turn.broker().port(), 1, List.of(frame), Produce::check)) {
            double records = (double) inBatch * count;
            turn.measure(Operation.PRODUCE, bytes, count, records, times -> requests.send(times, IN_FLIGHT));
        }
    }

    private static void consume(Turn turn, TopicPartition partition, int bytes, long records) throws Exception {
        try (RawConsumer consumer = new RawConsumer(turn.broker().port(), partition.topic(), FETCH_BYTES)) {
            turn.measure(Operation.CONSUME, bytes, PASSES, (double) PASSES * records, times -> {
                for (int i = 0; i < times; i++) {
                    consumer.fetch(records);
                }
            });
        }
    }
}
