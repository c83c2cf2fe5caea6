package io.aeon.benchmarks.acceptance;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A member of a group that commits after every poll and remembers which commits were acknowledged. */
final class CommittingConsumer implements AutoCloseable {
    private final Map<Integer, Long> acknowledged = new HashMap<>();
    private final LongConsumer delivered;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile RuntimeException failure;
    private long commits;

    CommittingConsumer(String bootstrap, String topic, String group) {
        this(bootstrap, topic, group, Map.of(), number -> {});
    }

    /**
     * @param changed settings of the consumer that differ from the usual ones
     * @param delivered is told the number of every record, before it is committed
     */
    CommittingConsumer(
            String bootstrap, String topic, String group, Map<String, Object> changed, LongConsumer delivered) {
        this.delivered = delivered;
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", group);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        settings.put("reconnect.backoff.max.ms", 100);
        settings.put("retry.backoff.max.ms", 100);
        settings.putAll(changed);
        var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
        consumer.subscribe(List.of(topic), new Forget(read));
        thread = new Thread(() -> run(consumer, read), "consumer");
        thread.start();
    }

    /** What could not be committed before a partition went is the next owner's to read and to commit. */
    private record Forget(Map<TopicPartition, OffsetAndMetadata> read) implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            read.keySet().removeAll(partitions);
        }
    }

    private void run(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> read) {
        try (consumer) {
            while (!stopped) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    delivered.accept(Numbered.of(record.value()));
                    read.put(
                            new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1));
                }
                commit(consumer, read);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /**
     * A commit that fails is nothing to remember: the broker may be down, or the group on its way to a new generation.
     */
    private void commit(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> read) {
        if (read.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(read, Duration.ofSeconds(2));
        } catch (KafkaException notAcknowledged) {
            return;
        }
        synchronized (acknowledged) {
            read.forEach((partition, offset) -> acknowledged.put(partition.partition(), offset.offset()));
            commits++;
        }
        read.clear();
    }

    /** The offset last acknowledged, by partition. */
    Map<Integer, Long> acknowledged() {
        synchronized (acknowledged) {
            return new HashMap<>(acknowledged);
        }
    }

    long commits() {
        synchronized (acknowledged) {
            return commits;
        }
    }

    /** What ended it before its time, or null. */
    RuntimeException failure() {
        return failure;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
