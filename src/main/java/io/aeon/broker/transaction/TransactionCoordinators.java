package io.aeon.broker.transaction;

import io.aeon.broker.coordinator.AnswerTimeout;
import io.aeon.broker.coordinator.Coordinators;
import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionCommand.AddPartitions;
import io.aeon.coordinator.transaction.TransactionCommand.VerifyPartition;
import io.aeon.coordinator.transaction.TransactionEffects;
import io.aeon.coordinator.transaction.TransactionListing;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Delivers commands to the coordinators of all transactional ids. Thread-safe. */
public final class TransactionCoordinators
        extends Coordinators<TransactionCommand, TransactionEffects, TransactionListing> {
    /**
     * Only producers with an epoch for each transaction (transaction version 2) add a partition by their first record.
     */
    private static final short CLIENT_VERSION = 2;

    /**
     * @param runtime delivers a command to the runtime of the transaction coordinators
     * @param timeout as in {@link Coordinators}
     */
    public TransactionCoordinators(
            Consumer<CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing>> runtime,
            AnswerTimeout timeout) {
        super(runtime, timeout);
    }

    /**
     * Sends a request to a transactional id's coordinator.
     *
     * @param request creates the request from the future of its reply
     * @return the reply; it never fails
     */
    public <T> CompletableFuture<T> ask(
            String transactionalId, Function<CompletableFuture<T>, TransactionCommand.Request<T>> request) {
        CompletableFuture<T> reply = new CompletableFuture<>();
        tell(transactionalId, request.apply(reply));
        return reply;
    }

    /** What {@link TransactionAdmission} asks, of a transactional id that this broker coordinates. */
    public CompletableFuture<Errors> admit(TransactionalWriter writer, TopicPartition partition) {
        return ask(
                writer.transactionalId(),
                reply -> writer.admission() == Admission.ADDED
                        ? new AddPartitions(
                                writer.producerId(), writer.producerEpoch(), Set.of(partition), CLIENT_VERSION, reply)
                        : new VerifyPartition(writer.producerId(), writer.producerEpoch(), partition, reply));
    }
}
