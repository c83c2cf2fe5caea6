package io.aeon.broker.transaction;

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

/** The way to the coordinators of all transactional ids. Thread-safe. */
public final class TransactionCoordinators
        extends Coordinators<TransactionCommand, TransactionEffects, TransactionListing> {
    /** Only producers with an epoch for each transaction leave it to their first record to add a partition. */
    private static final short CLIENT_VERSION = 2;

    /** @param runtime delivers to the runtime of the transaction coordinators */
    public TransactionCoordinators(
            Consumer<CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing>> runtime) {
        super(runtime);
    }

    /**
     * Tells a transactional id's coordinator a request that is made with the future of its reply.
     *
     * @return the reply; it never fails
     */
    public <T> CompletableFuture<T> ask(
            String transactionalId, Function<CompletableFuture<T>, TransactionCommand.Request<T>> request) {
        CompletableFuture<T> reply = new CompletableFuture<>();
        tell(transactionalId, request.apply(reply));
        return reply;
    }

    /** {@link TransactionAdmission} where this broker coordinates the transactional id. */
    public CompletableFuture<Errors> admit(TransactionalWriter writer, TopicPartition partition) {
        return ask(
                writer.transactionalId(),
                reply -> writer.admission() == Admission.ADDED
                        ? new AddPartitions(
                                writer.producerId(), writer.producerEpoch(), Set.of(partition), CLIENT_VERSION, reply)
                        : new VerifyPartition(writer.producerId(), writer.producerEpoch(), partition, reply));
    }
}
