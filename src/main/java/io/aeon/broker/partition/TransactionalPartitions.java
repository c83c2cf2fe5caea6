package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.coordinator.TransactionalWriter;
import org.apache.kafka.common.TopicPartition;

/** The way to the partitions for records of transactions. Thread-safe, never blocks. */
public interface TransactionalPartitions {
    /** Hands the append to its partition as soon as it may be there, or fails it. */
    void append(TransactionalWriter writer, TopicPartition partition, Append append);
}
