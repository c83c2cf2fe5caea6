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
    /** Completes with the coordinator's answer; never fails. */
    CompletableFuture<Answer> ask(TransactionalWriter writer, TopicPartition partition);

    /**
     * The answer of a coordinator.
     *
     * @param error NONE if the partition belongs to the writer's transaction, or was added as the writer requested
     * @param byThisBroker whether the coordinator runs on this broker. It then opens the transaction's gate before it
     *     answers and closes it at the end of the transaction; otherwise the gate is open from the answer to the marker
     */
    record Answer(Errors error, boolean byThisBroker) {}
}
