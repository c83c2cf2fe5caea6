package io.aeon.benchmarks.growth;

import io.aeon.benchmarks.broker.Fetch;
import io.aeon.benchmarks.broker.Produce;
import io.aeon.benchmarks.broker.RawProducer;
import io.aeon.benchmarks.broker.RawRequests;
import io.aeon.benchmarks.broker.Topics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** The same small requests, each on the next connection: a batch to append, then a batch to read. */
final class Connections {
    private static final int REQUESTS = 40_000;
    private static final int RECORDS = 4;
    private static final int RECORD_BYTES = 100;
    private static final int IN_FLIGHT = 5;

    private Connections() {}

    static void measure(Turn turn) throws Exception {
        TopicPartition partition = new TopicPartition("connections", 0);
        Topics.create(turn.broker().bootstrap(), partition.topic(), 1, Map.of());
        MemoryRecords batch = RawProducer.batch(RECORDS, RECORD_BYTES);
        ByteBuffer append = Produce.frame(partition, batch, (short) 1);
        ByteBuffer read = Fetch.frame(partition, 0, batch.sizeInBytes());
        for (int connections : Axis.CONNECTIONS.points) {
            send(turn, Operation.PRODUCE, connections, append, Produce::check);
            send(turn, Operation.CONSUME, connections, read, Fetch::partition);
        }
    }

    private static void send(Turn turn, Operation operation, int connections, ByteBuffer frame, RawRequests.Check check)
            throws Exception {
        try (RawRequests requests = new RawRequests(turn.broker().port(), connections, List.of(frame), check)) {
            turn.measure(
                    operation,
                    connections,
                    REQUESTS,
                    (double) REQUESTS * RECORDS,
                    count -> requests.send(count, IN_FLIGHT));
        }
    }
}
