package io.aeon.benchmarks.acceptance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic slowly from its beginning to its end, and again; retention may overtake it. */
final class Rereader implements AutoCloseable {
    private static final int TURN_MILLIS = 100;
    private static final int BYTES_A_FETCH = 256 << 10;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Repeated turns;
    private Map<TopicPartition, Long> ends = Map.of();
    private volatile long begun;

    Rereader(String bootstrap, List<TopicPartition> partitions) {
        this.partitions = partitions;
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest",
                        "fetch.max.bytes",
                        BYTES_A_FETCH,
                        "max.partition.fetch.bytes",
                        BYTES_A_FETCH),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(partitions);
        turns = new Repeated("rereader", TURN_MILLIS, number -> turn());
    }

    private void turn() {
        if (ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
            ends = consumer.endOffsets(partitions);
            consumer.seekToBeginning(partitions);
            begun++;
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(TURN_MILLIS))) {
            Numbered.of(record.value());
        }
    }

    Repeated turns() {
        return turns;
    }

    /** How often it has begun to read. */
    long begun() {
        return begun;
    }

    @Override
    public void close() {
        turns.close();
        consumer.close();
    }
}
