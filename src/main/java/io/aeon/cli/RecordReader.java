package io.aeon.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a few records of a topic without a group. Not thread-safe. */
final class RecordReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Comparator<ConsumerRecord<byte[], byte[]>> BY_TIME =
            Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
                    .thenComparing(ConsumerRecord::partition)
                    .thenComparing(ConsumerRecord::offset);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final String bootstrap;

    RecordReader(String bootstrap, String topic, List<Integer> partitions) {
        this.bootstrap = bootstrap;
        this.partitions = partitions.stream()
                .map(number -> new TopicPartition(topic, number))
                .toList();
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "client.id",
                        "aeon",
                        "auto.offset.reset",
                        "earliest",
                        "default.api.timeout.ms",
                        (int) PATIENCE.toMillis()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(this.partitions);
    }

    /**
     * The last {@code count} records by time, in order of time.
     *
     * @throws CommandException the brokers do not answer within ten seconds
     */
    List<ConsumerRecord<byte[], byte[]>> newest(int count) {
        return asked(() -> {
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            ends.forEach((partition, end) ->
                    consumer.seek(partition, Math.max(starts.getOrDefault(partition, 0L), end - count)));
            List<ConsumerRecord<byte[], byte[]>> found = read(ends, Integer.MAX_VALUE);
            return found.subList(Math.max(0, found.size() - count), found.size());
        });
    }

    /**
     * The first {@code count} records that are not older than {@code time}, in order of time.
     *
     * @throws CommandException the brokers do not answer within ten seconds
     */
    List<ConsumerRecord<byte[], byte[]>> firstFrom(Instant time, int count) {
        return asked(() -> {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, time.toEpochMilli()));
            consumer.offsetsForTimes(times)
                    .forEach((partition, found) -> consumer.seek(
                            partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset()));
            List<ConsumerRecord<byte[], byte[]>> found = read(ends, count);
            return found.subList(0, Math.min(count, found.size()));
        });
    }

    private <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (KafkaException e) {
            throw new CommandException("the brokers at " + bootstrap + " do not answer: " + e.getMessage());
        }
    }

    /** Reads each partition to its end, or until it has given {@code most} records. */
    private List<ConsumerRecord<byte[], byte[]>> read(Map<TopicPartition, Long> ends, int most) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        Map<TopicPartition, Integer> counts = new HashMap<>();
        Set<TopicPartition> open = new HashSet<>(partitions);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            open.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L)
                    || counts.getOrDefault(partition, 0) >= most);
            if (open.isEmpty()) {
                break;
            }
            if (System.nanoTime() > deadline) {
                throw new CommandException("partitions do not answer: " + open);
            }
            consumer.assignment().stream()
                    .filter(partition -> !open.contains(partition))
                    .forEach(partition -> consumer.pause(List.of(partition)));
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(each.topic(), each.partition());
                if (each.offset() < ends.getOrDefault(partition, 0L)) {
                    counts.merge(partition, 1, Integer::sum);
                    found.add(each);
                }
            }
        }
        found.sort(BY_TIME);
        return found;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
