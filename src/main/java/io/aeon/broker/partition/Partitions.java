package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Description;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** Delivers commands to the partitions of this broker. Thread-safe; no method blocks. */
public interface Partitions {
    /**
     * Delivers the command to the partition's actor and starts the actor if it does not run. Commands of one thread to
     * one partition arrive in the order of the calls. If this broker does not lead the partition, the command fails
     * with UnknownTopicOrPartitionException or NotLeaderOrFollowerException. Every command gets an answer, even if the
     * actor stops before it reads the command.
     */
    void tell(TopicPartition partition, PartitionCommand command);

    /** What the partition does now; the call has no effect on it. */
    default Condition condition(TopicPartition partition) {
        return isOffline(partition) ? Condition.OFFLINE : Condition.OPEN;
    }

    /**
     * The size and the offsets of a partition whose log is open or at rest; that of a partition at rest is complete at
     * once and does not wake it. Empty for any other partition.
     */
    default Optional<CompletableFuture<Description>> glance(TopicPartition partition) {
        return Optional.empty();
    }

    /** What a partition does. */
    enum Condition {
        /** Its log is open. */
        OPEN,
        /** Its log is closed, and is opened when it is needed. */
        RESTING,
        /** Its log is being opened, or waits for its turn. */
        STARTING,
        /** Its log cannot be opened. */
        OFFLINE
    }

    /** Whether this partition's log failed to open so often that clients are told that the partition has no leader. */
    default boolean isOffline(TopicPartition partition) {
        return false;
    }

    /**
     * Whether this partition's log was damaged below its durable end when it was opened last, so that only the records
     * before the damage are served.
     */
    default boolean isDamaged(TopicPartition partition) {
        return false;
    }
}
