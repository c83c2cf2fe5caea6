package io.aeon.api.topics;

import io.aeon.coordinator.TextHeap;
import io.aeon.metadata.ClusterImage;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * The heap that all topics with their partitions and settings may take. Clients create no topic, no partition and no
 * setting of a topic beyond it; what exists goes on, and Kafka's internal topics are created all the same. The sizes
 * are estimates. Changes that are under way at the same time may exceed the limit by what they create. Thread-safe.
 */
public final class PartitionLimit {
    /** Heap of a topic in the metadata, without its partitions; 2 KiB with one partition (measured with 5,000). */
    private static final long TOPIC_BYTES = 1280;

    /** Heap of a partition that rests (measured with 100,000). */
    private static final long PARTITION_BYTES = 768;

    /** Heap of a setting that is given for a topic, without the characters of its value. */
    private static final long SETTING_BYTES = 384;

    private static final long BETWEEN_COUNTS_NANOS = 100_000_000;

    private final long most;
    private final int partitionsByDefault;
    private final Supplier<? extends ClusterImage> image;
    private final LongSupplier nanoTime;
    private long taken;
    private long counted;

    /**
     * @param most bytes of heap
     * @param partitionsByDefault partitions of a topic that is created without a number ({@code num.partitions})
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public PartitionLimit(
            long most, int partitionsByDefault, Supplier<? extends ClusterImage> image, LongSupplier nanoTime) {
        this.most = most;
        this.partitionsByDefault = partitionsByDefault;
        this.image = image;
        this.nanoTime = nanoTime;
        this.counted = nanoTime.getAsLong() - BETWEEN_COUNTS_NANOS;
        this.taken = most;
    }

    /**
     * A client wants to create a topic.
     *
     * @param partitions their number, -1 for the default
     * @param values of the settings that are given for the topic; null stands for none
     * @param validateOnly the topic will not be created
     * @return why it may not; empty if it may, if the topic is there already, or if it is an internal one, without which
     *     the cluster has no groups and no transactions
     */
    Optional<ApiError> ofTopic(String name, int partitions, Stream<@Nullable String> values, boolean validateOnly) {
        return Topic.isInternal(name) || image.get().topic(name).isPresent()
                ? Optional.empty()
                : admit(
                        TOPIC_BYTES
                                + PARTITION_BYTES * (partitions < 0 ? partitionsByDefault : partitions)
                                + values.mapToLong(PartitionLimit::heapOf).sum(),
                        validateOnly);
    }

    /** As {@link #ofTopic}, for a topic that shall have {@code partitions} in all; empty if there is no such topic. */
    Optional<ApiError> ofPartitions(String topic, int partitions, boolean validateOnly) {
        int present =
                image.get().topic(topic).map(known -> known.partitions().size()).orElse(partitions);
        return partitions <= present ? Optional.empty() : admit(PARTITION_BYTES * (partitions - present), validateOnly);
    }

    /**
     * A client wants to give settings, by their names.
     *
     * @param resource whose settings; only those of topics are limited
     * @param validateOnly the settings will not be changed
     * @return why it may not; empty if it may, or if the settings take no more than those that the topic has
     */
    public Optional<ApiError> ofSettings(
            ConfigResource resource, Map<String, @Nullable String> settings, boolean validateOnly) {
        if (resource.type() != ConfigResource.Type.TOPIC) {
            return Optional.empty();
        }
        Map<String, String> present = image.get().topicOverrides(resource.name());
        long more = 0;
        for (Map.Entry<String, @Nullable String> setting : settings.entrySet()) {
            more += heapOf(setting.getValue()) - heapOf(present.get(setting.getKey()));
        }
        return more <= 0 ? Optional.empty() : admit(more, validateOnly);
    }

    private static long heapOf(@Nullable String value) {
        return value == null ? 0 : SETTING_BYTES + TextHeap.of(value);
    }

    /** What was created since the last count is added to it; only when that is too much all is counted again. */
    private synchronized Optional<ApiError> admit(long bytes, boolean validateOnly) {
        if (taken + bytes > most && nanoTime.getAsLong() - counted >= BETWEEN_COUNTS_NANOS) {
            taken = count(image.get());
            counted = nanoTime.getAsLong();
        }
        if (taken + bytes > most) {
            return Optional.of(new ApiError(
                    Errors.POLICY_VIOLATION,
                    "All topics together may take " + most + " bytes of the broker's heap (aeon.limits.topics), "
                            + TOPIC_BYTES + " for each, " + PARTITION_BYTES + " for each partition and " + SETTING_BYTES
                            + " for each setting of its own; that is reached."));
        }
        taken += validateOnly ? 0 : bytes;
        return Optional.empty();
    }

    private static long count(ClusterImage image) {
        return image.topics().stream()
                .mapToLong(topic -> TOPIC_BYTES
                        + PARTITION_BYTES * topic.partitions().size()
                        + image.topicOverrides(topic.name()).values().stream()
                                .mapToLong(PartitionLimit::heapOf)
                                .sum())
                .sum();
    }
}
