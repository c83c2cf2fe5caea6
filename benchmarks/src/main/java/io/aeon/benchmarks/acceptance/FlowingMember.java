package io.aeon.benchmarks.acceptance;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A member of a {@link FlowingGroup} in a thread of its own. */
final class FlowingMember implements ConsumerRebalanceListener {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final FlowingGroup group;
    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean stopped;

    /** Joins after {@link #start}, so that the time to make a client does not count. */
    FlowingMember(FlowingGroup group, String bootstrap, String topic, String groupId, String name) {
        this.group = group;
        this.topic = topic;
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        groupId,
                        "group.protocol",
                        "consumer",
                        "client.id",
                        name,
                        "auto.offset.reset",
                        "latest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        thread = new Thread(this::run, name);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(topic), this);
            while (!stopped) {
                group.delivered(this, consumer.poll(Duration.ofMillis(100)).partitions());
            }
            consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        group.assigned(this, partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        group.revoked(this, partitions);
    }

    /** Begins to leave the group. */
    void stop() {
        stopped = true;
    }

    void awaitEnd() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
