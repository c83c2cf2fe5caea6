package io.aeon.api.topics;

import io.aeon.metadata.ClusterImage;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * The heap that all topics with their partitions may take. Clients create no topic and no partition beyond it; what
 * exists goes on, and the coordinators' topics are created all the same. The sizes are estimates. Changes that are under
 * way at the same time may exceed the limit by what they create. Thread-safe.
 */
public final class PartitionLimit {
    /** Heap of a topic in the metadata, without its partitions; 2 KiB with one partition (measured with 5,000). */
    private static final long TOPIC_BYTES = 1280;

    /** Heap of a partition that rests (measured with 100,000). */
    private static final long PARTITION_BYTES = 768;

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
     * @return why it may not; empty if it may, or if the topic is there already
     */
    Optional<ApiError> ofTopic(String name, int partitions) {
        return image.get().topic(name).isPresent()
                ? Optional.empty()
                : admit(TOPIC_BYTES + PARTITION_BYTES * (partitions < 0 ? partitionsByDefault : partitions));
    }

    /** As {@link #ofTopic}, for a topic that shall have {@code partitions} in all; empty if there is no such topic. */
    Optional<ApiError> ofPartitions(String topic, int partitions) {
        int present =
                image.get().topic(topic).map(known -> known.partitions().size()).orElse(partitions);
        return partitions <= present ? Optional.empty() : admit(PARTITION_BYTES * (partitions - present));
    }

    /** What was created since the last count is added to it; only when that is too much all is counted again. */
    private synchronized Optional<ApiError> admit(long bytes) {
        if (taken + bytes > most && nanoTime.getAsLong() - counted >= BETWEEN_COUNTS_NANOS) {
            taken = image.get().topics().stream()
                    .mapToLong(topic ->
                            TOPIC_BYTES + PARTITION_BYTES * topic.partitions().size())
                    .sum();
            counted = nanoTime.getAsLong();
        }
        if (taken + bytes > most) {
            return Optional.of(new ApiError(
                    Errors.POLICY_VIOLATION,
                    "All topics together may take " + most + " bytes of the broker's heap (aeon.limits.topics), "
                            + TOPIC_BYTES + " for each and " + PARTITION_BYTES
                            + " for each partition; that is reached."));
        }
        taken += bytes;
        return Optional.empty();
    }
}
