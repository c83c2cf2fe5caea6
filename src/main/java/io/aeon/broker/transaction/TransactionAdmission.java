package io.aeon.broker.transaction;

import io.aeon.coordinator.TransactionalWriter;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Asks the transaction coordinator, on whichever broker, before the first record of a transaction reaches a partition
 * (AddPartitionsToTxn from v4 on, KIP-890). Thread-safe.
 */
@FunctionalInterface
public interface TransactionAdmission {
    /**
     * Completes with NONE if the partition belongs to the writer's transaction, or was added as the writer requested;
     * never fails.
     */
    CompletableFuture<Errors> ask(TransactionalWriter writer, TopicPartition partition);
}
