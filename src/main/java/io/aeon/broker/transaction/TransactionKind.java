package io.aeon.broker.transaction;

import io.aeon.broker.coordinator.CoordinatorKind;
import io.aeon.broker.coordinator.CoordinatorStore;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionCommand.AbortTimedOut;
import io.aeon.coordinator.transaction.TransactionCommand.Expire;
import io.aeon.coordinator.transaction.TransactionEffects;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.coordinator.transaction.TransactionRecordFormat;
import java.util.List;

/**
 * Coordinators of transactional ids. What was open or decided when the broker stopped gets its coordinator at the start, so
 * that it ends whether or not its producer comes back. Thread-safe.
 */
public final class TransactionKind
        implements CoordinatorKind<TransactionCommand, TransactionEffects, TransactionListing> {
    private final TransactionsSetup setup;
    private final TransactionalAppends appends;
    private final TransactionMarkers markers;

    /**
     * @param appends the producers' way to the partitions, which is opened and closed
     * @param markers the coordinators' way to them
     */
    public TransactionKind(TransactionsSetup setup, TransactionalAppends appends, TransactionMarkers markers) {
        this.setup = setup;
        this.appends = appends;
        this.markers = markers;
    }

    @Override
    public String noun() {
        return "transactional id";
    }

    @Override
    public String topic() {
        return TransactionRecordFormat.TOPIC;
    }

    @Override
    public CoordinatorStore<TransactionCommand, TransactionEffects, TransactionListing> store(int partition) {
        return new TransactionStore(setup, partition, appends, markers);
    }

    @Override
    public List<Periodic<TransactionCommand>> periodic() {
        return List.of(
                new Periodic<>(new AbortTimedOut(), setup.timeoutCheck()),
                new Periodic<>(new Expire(), setup.expiryCheck()));
    }
}
