package io.aeon.console;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads ranges of partitions. Not thread-safe. */
final class RecordReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration END = Duration.ofSeconds(1);

    private final KafkaConsumer<byte[], byte[]> consumer;

    RecordReader(ClusterClients clients, boolean committedOnly) {
        this.consumer = clients.consumer(committedOnly);
    }

    /** @param to the offset behind the last one */
    record OffsetRange(long from, long to) {
        boolean isEmpty() {
            return from >= to;
        }
    }

    /**
     * Passes all records of the ranges to {@code sink}, those of a partition in their order.
     *
     * @throws IOException a partition does not answer
     */
    void read(Map<TopicPartition, OffsetRange> ranges, Consumer<ConsumerRecord<byte[], byte[]>> sink)
            throws IOException {
        Map<TopicPartition, OffsetRange> left = new HashMap<>(ranges);
        left.values().removeIf(OffsetRange::isEmpty);
        try {
            consumer.assign(left.keySet());
            left.forEach((partition, range) -> consumer.seek(partition, range.from()));
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!left.isEmpty()) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("not all records of " + left.keySet() + " could be read in time");
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    OffsetRange range = left.get(new TopicPartition(record.topic(), record.partition()));
                    if (range != null && record.offset() < range.to()) {
                        sink.accept(record);
                    }
                }
                left.entrySet().removeIf(each -> isDone(each.getKey(), each.getValue()));
            }
        } catch (KafkaException e) {
            throw Calls.refused(e);
        }
    }

    private boolean isDone(TopicPartition partition, OffsetRange range) {
        boolean done = consumer.position(partition) >= range.to();
        if (done) {
            consumer.pause(List.of(partition));
        }
        return done;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(END));
    }
}
