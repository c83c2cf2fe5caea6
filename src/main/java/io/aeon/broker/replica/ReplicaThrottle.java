package io.aeon.broker.replica;

import io.aeon.config.Current;
import io.aeon.config.KafkaSettings;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import io.aeon.replication.CopyRate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Slows down the copying of replicas that topics name, at their leaders or at their followers (KIP-73). Only replicas
 * that are not in sync are slowed down; the bytes of all named ones count. Thread-safe.
 */
public final class ReplicaThrottle {
    /** The side of the copying that is slowed down. */
    public enum Side {
        LEADER("leader.replication.throttled.rate", "leader.replication.throttled.replicas"),
        FOLLOWER("follower.replication.throttled.rate", "follower.replication.throttled.replicas");

        private final String rate;
        private final String replicas;

        Side(String rate, String replicas) {
            this.rate = rate;
            this.replicas = replicas;
        }
    }

    private final Side side;
    private final Metadata metadata;
    private final CopyRate rate;
    private volatile @Nullable Named named;

    /** The replicas that topics name in an image, as far as somebody has asked. */
    private record Named(ClusterImage image, Map<String, ThrottledReplicas> byTopic) {}

    /** @param clock milliseconds, never going back */
    public ReplicaThrottle(Side side, Metadata metadata, KafkaSettings atStart, LongSupplier clock) {
        this.side = side;
        this.metadata = metadata;
        Supplier<Long> limit = new Current<>(metadata::settings, settings -> settings.rate(side.rate));
        this.rate = new CopyRate(
                atStart.getInt("replication.quota.window.num"),
                atStart.getInt("replication.quota.window.size.seconds"),
                limit::get,
                clock);
    }

    /** Whether a replica that is not in sync gets no records now. */
    public boolean holds(TopicPartition partition) {
        return rate.isLimited() && isNamed(partition) && rate.isExceeded();
    }

    /** Counts records of a replica of this broker, or those that it sends to another one. */
    public void copied(TopicPartition partition, long bytes) {
        if (rate.isLimited() && isNamed(partition)) {
            rate.copied(bytes);
        }
    }

    private boolean isNamed(TopicPartition partition) {
        ClusterImage image = metadata.image();
        return in(image)
                .computeIfAbsent(
                        partition.topic(),
                        topic -> ThrottledReplicas.of(
                                image.topicOverrides(topic).getOrDefault(side.replicas, ""), metadata.nodeId()))
                .has(partition.partition());
    }

    @SuppressWarnings("ReferenceEquality")
    private Map<String, ThrottledReplicas> in(ClusterImage image) {
        Named known = named;
        if (known == null || known.image() != image) {
            known = new Named(image, new ConcurrentHashMap<>());
            named = known;
        }
        return known.byTopic();
    }
}
