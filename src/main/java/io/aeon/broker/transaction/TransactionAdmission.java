package io.aeon.broker.transaction;

import io.aeon.coordinator.TransactionalWriter;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The partitions' way to the coordinators of transactions, wherever these are (AddPartitionsToTxn from v4 on): asks before
 * the first record of a transaction reaches a partition (KIP-890). Thread-safe.
 */
@FunctionalInterface
public interface TransactionAdmission {
    /** NONE if the partition is in the writer's transaction, or is taken in as the writer wants it; never fails. */
    CompletableFuture<Errors> ask(TransactionalWriter writer, TopicPartition partition);
}
