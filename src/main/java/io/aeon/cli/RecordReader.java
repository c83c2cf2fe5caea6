package io.aeon.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a few records of a topic without a group. Not thread-safe. */
final class RecordReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration END = Duration.ofSeconds(1);
    private static final int WIDER = 4;
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
    }

    /**
     * The last {@code count} records by time, in order of time. The last offsets of a partition may have no records, if
     * they are those of transactions' markers or of records that compaction has removed; it is read further back then.
     *
     * @throws CommandException the brokers refuse it, or do not answer within ten seconds
     */
    List<ConsumerRecord<byte[], byte[]>> newest(int count) {
        return asked(() -> {
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            Map<TopicPartition, Integer> counts = new HashMap<>();
            PriorityQueue<ConsumerRecord<byte[], byte[]>> newest = new PriorityQueue<>(BY_TIME);
            for (long step = count; !ends.isEmpty(); step *= WIDER) {
                Map<TopicPartition, Long> begins = new HashMap<>();
                for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                    begins.put(end.getKey(), Math.max(starts.getOrDefault(end.getKey(), 0L), end.getValue() - step));
                }
                read(begins, ends, Integer.MAX_VALUE, found -> {
                    counts.merge(new TopicPartition(found.topic(), found.partition()), 1, Integer::sum);
                    keep(newest, found, count);
                    return true;
                });
                ends.putAll(begins);
                ends.entrySet()
                        .removeIf(end -> counts.getOrDefault(end.getKey(), 0) >= count
                                || end.getValue() <= starts.getOrDefault(end.getKey(), 0L));
            }
            return newest.stream().sorted(BY_TIME).toList();
        });
    }

    /**
     * The first {@code count} records that are not older than {@code time}, in order of time.
     *
     * @throws CommandException the brokers refuse it, or do not answer within ten seconds
     */
    List<ConsumerRecord<byte[], byte[]>> firstFrom(Instant time, int count) {
        return asked(() -> {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, time.toEpochMilli()));
            Map<TopicPartition, Long> begins = new HashMap<>();
            consumer.offsetsForTimes(times)
                    .forEach((partition, found) ->
                            begins.put(partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset()));
            PriorityQueue<ConsumerRecord<byte[], byte[]>> first = new PriorityQueue<>(BY_TIME.reversed());
            read(begins, ends, count, found -> {
                boolean isWanted = found.timestamp() >= time.toEpochMilli();
                if (isWanted) {
                    keep(first, found, count);
                }
                return isWanted;
            });
            return first.stream().sorted(BY_TIME).toList();
        });
    }

    /** @param kept its head is the record that goes first */
    private static void keep(
            PriorityQueue<ConsumerRecord<byte[], byte[]>> kept, ConsumerRecord<byte[], byte[]> found, int most) {
        kept.add(found);
        if (kept.size() > most) {
            kept.remove();
        }
    }

    private <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (KafkaException e) {
            throw Cluster.failure(bootstrap, e);
        }
    }

    /**
     * Reads each partition from where it begins to its end, or until it has given {@code most} records.
     *
     * @param sink returns whether the record is one of these
     */
    private void read(
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            int most,
            Predicate<ConsumerRecord<byte[], byte[]>> sink) {
        consumer.assign(begins.keySet());
        consumer.resume(begins.keySet());
        begins.forEach(consumer::seek);
        Map<TopicPartition, Integer> counts = new HashMap<>();
        Set<TopicPartition> open = new HashSet<>(begins.keySet());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            open.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L)
                    || counts.getOrDefault(partition, 0) >= most);
            if (open.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new CommandException("partitions do not answer: " + open);
            }
            consumer.assignment().stream()
                    .filter(partition -> !open.contains(partition))
                    .forEach(partition -> consumer.pause(List.of(partition)));
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            if (!polled.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            for (ConsumerRecord<byte[], byte[]> each : polled) {
                TopicPartition partition = new TopicPartition(each.topic(), each.partition());
                if (each.offset() < ends.getOrDefault(partition, 0L) && sink.test(each)) {
                    counts.merge(partition, 1, Integer::sum);
                }
            }
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(END));
    }
}
