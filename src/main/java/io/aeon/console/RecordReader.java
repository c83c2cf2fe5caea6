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
    private final long deadline = System.nanoTime() + PATIENCE_NANOS;

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
     * Passes the records of the ranges to {@code sink}, those of a partition in their order, until all are read or ten
     * seconds have passed since this reader was made.
     *
     * @return by partition the offset behind the last record that was read: less than the end of its range if not all
     *     are
     */
    Map<TopicPartition, Long> read(
            Map<TopicPartition, OffsetRange> ranges, Consumer<ConsumerRecord<byte[], byte[]>> sink) throws IOException {
        Map<TopicPartition, Long> reached = new HashMap<>();
        ranges.forEach((partition, range) -> reached.put(partition, range.from()));
        Map<TopicPartition, OffsetRange> left = new HashMap<>(ranges);
        left.values().removeIf(OffsetRange::isEmpty);
        try {
            consumer.assign(left.keySet());
            left.forEach((partition, range) -> consumer.seek(partition, range.from()));
            while (!left.isEmpty() && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    OffsetRange range = left.get(new TopicPartition(record.topic(), record.partition()));
                    if (range != null && record.offset() < range.to()) {
                        sink.accept(record);
                    }
                }
                left.keySet().forEach(partition -> reached.put(partition, consumer.position(partition)));
                left.entrySet().removeIf(each -> isDone(each.getKey(), each.getValue()));
            }
            return reached;
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
