package io.aeon.broker.transaction;

import akka.actor.typed.ActorRef;
import io.aeon.broker.coordinator.CoordinatorPartition;
import io.aeon.broker.mailbox.Failable;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.coordinator.transaction.TransactionalProducer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What {@link Transactions} is told. */
public sealed interface TransactionsCommand {
    /** A command for a transactional id that may have no actor. */
    record Deliver(String id, TransactionCommand command)
            implements TransactionsCommand, Failable, CoordinatorPartition.Waiting {
        @Override
        public boolean isRequest() {
            return command instanceof TransactionCommand.Request<?>;
        }

        @Override
        public boolean cannotWait() {
            return false;
        }

        @Override
        public void answerUnready() {
            refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        }

        @Override
        public void refuse(Errors error) {
            if (command instanceof TransactionCommand.Request<?> request) {
                request.refused(error).send();
            }
        }

        @Override
        public void fail(Throwable cause) {
            refuse(Errors.NOT_COORDINATOR);
        }
    }

    /** Asks for all transactional ids. */
    record ListAll(CompletableFuture<List<TransactionListing>> reply) implements TransactionsCommand, Failable {
        @Override
        public void fail(Throwable cause) {
            reply.completeExceptionally(cause);
        }
    }

    /** A coordinator gives its idle transactional id back. */
    record HandedOver(TransactionalProducer producer, ActorRef<TransactionCoordinator.Command> actor)
            implements TransactionsCommand {}

    /** The metadata have changed, or are there for the first time. */
    enum ImageChanged implements TransactionsCommand {
        NOW
    }

    /** Time has come. */
    enum Tick implements TransactionsCommand {
        ABORT_TIMED_OUT,
        EXPIRE
    }

    /** A partition of the transaction topic is replayed, or cannot be. */
    record Loaded(
            TransactionsPartition partition,
            @Nullable Map<String, TransactionalProducer> producers,
            @Nullable Throwable failure)
            implements TransactionsCommand {}

    /** A transactional id whose actor failed is replayed, or cannot be. */
    record Replayed(
            TransactionsPartition partition,
            String id,
            @Nullable Map<String, TransactionalProducer> producers,
            @Nullable Throwable failure)
            implements TransactionsCommand {}

    /** Time to try again what failed. */
    record ReplayAgain(TransactionsPartition partition, String id) implements TransactionsCommand {}

    /** A coordinator's actor has stopped. */
    record Ended(TransactionsPartition partition, String id, ActorRef<TransactionCoordinator.Command> actor)
            implements TransactionsCommand {}
}
