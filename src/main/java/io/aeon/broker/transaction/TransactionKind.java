package io.aeon.broker.transaction;

import io.aeon.broker.coordinator.CoordinatorKind;
import io.aeon.broker.coordinator.CoordinatorStore;
import io.aeon.coordinator.HeapShare;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionCommand.AbortTimedOut;
import io.aeon.coordinator.transaction.TransactionCommand.Expire;
import io.aeon.coordinator.transaction.TransactionEffects;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.coordinator.transaction.TransactionRecordFormat;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The coordinators of transactional ids. Transactions that were open or decided when the broker stopped get their
 * coordinator at the start, so that they end even if their producer does not return. Thread-safe.
 */
public final class TransactionKind
        implements CoordinatorKind<TransactionCommand, TransactionEffects, TransactionListing> {
    private final TransactionsSetup setup;
    private final TransactionalAppends appends;
    private final TransactionMarkers markers;

    /**
     * @param appends gates for the producers' records, opened and closed with the transactions
     * @param markers writes the coordinators' markers to the partitions
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
    public HeapShare heap() {
        return setup.settings().heap();
    }

    @Override
    public Errors full() {
        return Errors.POLICY_VIOLATION;
    }

    @Override
    public String topic() {
        return TransactionRecordFormat.TOPIC;
    }

    @Override
    public CoordinatorStore<TransactionCommand, TransactionEffects, TransactionListing> store(
            TopicIdPartition partition, Partition role) {
        return new TransactionStore(setup, partition, role, appends, markers);
    }

    @Override
    public List<Periodic<TransactionCommand>> periodic() {
        return List.of(
                new Periodic<>(new AbortTimedOut(), setup.timeoutCheck()),
                new Periodic<>(new Expire(), setup.expiryCheck()));
    }
}
