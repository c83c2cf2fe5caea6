package io.aeon.broker;

import org.apache.kafka.common.TopicPartition;

/** The way to the partitions this broker leads. Thread-safe, never blocks. */
public interface Partitions {
    /**
     * Delivers to the partition's actor, starting it if it is not running. A partition that this broker does not lead
     * fails the command's reply with UnknownTopicOrPartitionException or NotLeaderOrFollowerException; the reply is
     * completed in every case, also when the actor stops with the command unread.
     */
    void tell(TopicPartition partition, PartitionActor.Command command);
}
