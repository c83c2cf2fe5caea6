package io.aeon.broker.partition;

import org.apache.kafka.common.TopicPartition;

/** The way to the partitions this broker leads. Thread-safe, never blocks. */
public interface Partitions {
    /**
     * Delivers to the partition's actor, starting it if it is not running. Commands of one thread to one partition arrive
     * in order. A partition that this broker does not lead fails the command with UnknownTopicOrPartitionException or
     * NotLeaderOrFollowerException; every command is answered, also when the actor stops with it unread.
     */
    void tell(TopicPartition partition, PartitionCommand command);

    /** Whether this partition's log could not be opened, often enough for clients to be told that it has no leader now. */
    default boolean isOffline(TopicPartition partition) {
        return false;
    }
}
