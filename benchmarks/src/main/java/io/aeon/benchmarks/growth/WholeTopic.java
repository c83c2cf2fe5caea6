package io.aeon.benchmarks.growth;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One consumer of the client library, without a group, that reads all partitions of a topic from their beginnings. */
final class WholeTopic implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final long records;

    WholeTopic(String bootstrap, String topic, int partitions) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "fetch.max.wait.ms", 50);
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
        consumer.assign(this.partitions);
        records = consumer.endOffsets(this.partitions).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** How many there were at first. */
    long records() {
        return records;
    }

    void read(int times) {
        for (int i = 0; i < times; i++) {
            partitions.forEach(partition -> consumer.seek(partition, 0));
            for (long left = records; left > 0; ) {
                int got = consumer.poll(PATIENCE).count();
                if (got == 0) {
                    throw new IllegalStateException(left + " records are missing");
                }
                left -= got;
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
