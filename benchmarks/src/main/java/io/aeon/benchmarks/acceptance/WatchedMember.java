package io.aeon.benchmarks.acceptance;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A member of a group in a thread of its own. It commits after every poll, alternately waiting for the answer and not.
 */
final class WatchedMember implements AutoCloseable {
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(2);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final String name;
    private final OwnedOnce seen;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> read = new HashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopped;
    private boolean waits;

    /** @param consumerProtocol whether it uses the consumer protocol; with it, it subscribes by a pattern */
    WatchedMember(
            String bootstrap,
            String topic,
            String group,
            String name,
            boolean consumerProtocol,
            int sessionMs,
            OwnedOnce seen) {
        this.name = name;
        this.seen = seen;
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", group);
        settings.put("client.id", name);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        settings.put("reconnect.backoff.max.ms", 100);
        settings.put("retry.backoff.max.ms", 100);
        if (consumerProtocol) {
            settings.put("group.protocol", "consumer");
        } else {
            settings.put(
                    "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
            settings.put("session.timeout.ms", sessionMs);
            settings.put("heartbeat.interval.ms", 1000);
        }
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        if (consumerProtocol) {
            consumer.subscribe(new SubscriptionPattern(topic), new Told());
        } else {
            consumer.subscribe(List.of(topic), new Told());
        }
        new Thread(this::run, name).start();
    }

    private final class Told implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            seen.assigned(name, partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            read.keySet().removeAll(partitions);
            seen.revoked(name, partitions);
        }
    }

    private void run() {
        try (consumer) {
            while (!stopped) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    seen.delivered(partition, record.offset());
                    read.put(partition, record.offset() + 1);
                }
                commit();
            }
            consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
            ended.complete(null);
        } catch (WakeupException stop) {
            ended.complete(null);
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    /** A commit that fails is nothing to remember: the broker may be down, or the group in a rebalance. */
    private void commit() {
        if (read.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> offsets = Map.copyOf(read);
        Map<TopicPartition, OffsetAndMetadata> request = new HashMap<>();
        offsets.forEach((partition, offset) -> request.put(partition, new OffsetAndMetadata(offset)));
        waits = !waits;
        try {
            if (waits) {
                consumer.commitSync(request, COMMIT_LIMIT);
                seen.committed(offsets);
                read.clear();
            } else {
                consumer.commitAsync(request, (answered, failure) -> {
                    if (failure == null) {
                        seen.committed(offsets);
                    }
                });
            }
        } catch (KafkaException notAcknowledged) {
            return;
        }
    }

    /** Begins to leave the group. */
    void stop() {
        stopped = true;
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    /** What ended it before its time, or null. */
    Throwable failure() {
        return ended.isCompletedExceptionally()
                ? ended.handle((done, failure) -> failure).join()
                : null;
    }

    @Override
    public void close() {
        stop();
        ended.exceptionally(failure -> null).join();
    }
}
