package io.aeon.broker.partition;

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

    /** Whether this partition's log failed to open so often that clients are told that the partition has no leader. */
    default boolean isOffline(TopicPartition partition) {
        return false;
    }
}
