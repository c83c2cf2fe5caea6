package io.aeon.broker.transaction;

import io.aeon.broker.coordinator.ActiveCoordinators;
import io.aeon.broker.coordinator.ActiveCoordinators.Active;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionListing;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** The way to the coordinators of all transactional ids: one look-up and one tell for one that is in use. Thread-safe. */
public final class TransactionCoordinators {
    private final ActiveCoordinators<TransactionCoordinator.Command, TransactionListing> active =
            new ActiveCoordinators<>();
    private final Consumer<TransactionsCommand> transactions;

    /** @param transactions delivers to {@link Transactions} */
    public TransactionCoordinators(Consumer<TransactionsCommand> transactions) {
        this.transactions = transactions;
    }

    /**
     * Delivers to the transactional id's coordinator a request that is made with the future of its reply. It is answered
     * in every case, also when the coordinator stops with it unread; with NOT_COORDINATOR if other brokers coordinate
     * the id.
     *
     * @return the reply; it never fails
     */
    public <T> CompletableFuture<T> ask(
            String transactionalId, Function<CompletableFuture<T>, TransactionCommand.Request<T>> request) {
        CompletableFuture<T> reply = new CompletableFuture<>();
        TransactionCommand.Request<T> command = request.apply(reply);
        Active<TransactionCoordinator.Command, TransactionListing> coordinator = active.get(transactionalId);
        if (coordinator != null) {
            coordinator.actor().tell(new TransactionCoordinator.Execute(command));
        } else {
            transactions.accept(new TransactionsCommand.Deliver(transactionalId, command));
        }
        return reply;
    }

    /**
     * All transactional ids this broker coordinates; fails with a CoordinatorLoadInProgressException while it does not
     * know them.
     */
    public CompletableFuture<List<TransactionListing>> list() {
        CompletableFuture<List<TransactionListing>> reply = new CompletableFuture<>();
        transactions.accept(new TransactionsCommand.ListAll(reply));
        return reply;
    }

    ActiveCoordinators<TransactionCoordinator.Command, TransactionListing> active() {
        return active;
    }
}
