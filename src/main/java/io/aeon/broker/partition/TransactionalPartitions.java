package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.coordinator.TransactionalWriter;
import org.apache.kafka.common.TopicPartition;

/** Delivers transactional records to the partitions. Thread-safe; no method blocks. */
public interface TransactionalPartitions {
    /**
     * Delivers the append to its partition as soon as the partition is known to be part of the transaction; fails the
     * append otherwise.
     */
    void append(TransactionalWriter writer, TopicPartition partition, Append append);
}
