package io.aeon.broker.transaction;

import io.aeon.broker.coordinator.CoordinatorLog;
import io.aeon.broker.coordinator.CoordinatorStore;
import io.aeon.coordinator.RecordFormat;
import io.aeon.coordinator.StateMachine;
import io.aeon.coordinator.StoredRecords;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.coordinator.transaction.Ongoing;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionCommand.AppendFailed;
import io.aeon.coordinator.transaction.TransactionCommand.Appended;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerFailed;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerWritten;
import io.aeon.coordinator.transaction.TransactionCommand.ProducerIdGiven;
import io.aeon.coordinator.transaction.TransactionCommand.ProducerIdRefused;
import io.aeon.coordinator.transaction.TransactionEffects;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.coordinator.transaction.TransactionRecord;
import io.aeon.coordinator.transaction.TransactionRecordFormat;
import io.aeon.coordinator.transaction.TransactionalProducer;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The records in one partition of the transaction topic. Thread-safe. */
final class TransactionStore implements CoordinatorStore<TransactionCommand, TransactionEffects, TransactionListing> {
    private final TransactionsSetup setup;
    private final TransactionalAppends appends;
    private final TransactionMarkers markers;
    private final int coordinatorEpoch;
    private final CoordinatorLog log;

    TransactionStore(
            TransactionsSetup setup,
            TopicIdPartition partition,
            Partition role,
            TransactionalAppends appends,
            TransactionMarkers markers) {
        this.setup = setup;
        this.appends = appends;
        this.markers = markers;
        this.coordinatorEpoch = role.leaderEpoch();
        this.log = new CoordinatorLog(
                setup.partitions(), partition, role, setup.batches(), setup.snapshots(), setup.blocking());
    }

    @Override
    public TransactionalProducer absent(String id) {
        return setup.absent(id);
    }

    @Override
    public CompletableFuture<List<StateMachine<TransactionCommand, TransactionEffects, TransactionListing>>> replay(
            Predicate<String> wanted) {
        return log.replay(format(), wanted, this::absent).thenApply(List::copyOf);
    }

    private RecordFormat<TransactionRecord> format() {
        return TransactionRecordFormat.ofLevel(setup.settings().version().get());
    }

    @Override
    public boolean isSnapshotDue() {
        return log.isSnapshotDue();
    }

    @Override
    public CompletableFuture<Void> takeSnapshot(int leaderEpoch) {
        return log.takeSnapshot(leaderEpoch);
    }

    @Override
    public Work<TransactionEffects> work(String id, Consumer<TransactionCommand> outcomes) {
        return new TransactionWork(outcomes);
    }

    private final class TransactionWork implements Work<TransactionEffects> {
        private final Consumer<TransactionCommand> outcomes;
        private Optional<Ongoing> opened = Optional.empty();

        TransactionWork(Consumer<TransactionCommand> outcomes) {
            this.outcomes = outcomes;
        }

        /** Closes the gate to the partitions before a record is stored that ends the transaction. */
        @Override
        public void begin(TransactionEffects effects) {
            admit(effects.ongoing());
            TransactionRecord record = effects.record();
            if (record != null) {
                report(
                        log.append(setup.batches()
                                .batch(
                                        StoredRecords.encode(format(), List.of(record)),
                                        setup.clock().get().epochMs())),
                        done -> new Appended(),
                        failure -> new AppendFailed(CoordinatorLog.errorOf(failure)));
            }
            effects.markers().forEach(this::send);
            if (effects.wantsProducerId()) {
                report(
                        setup.producerIds().get(),
                        ProducerIdGiven::new,
                        failure -> new ProducerIdRefused(Errors.COORDINATOR_LOAD_IN_PROGRESS));
            }
        }

        private void admit(Optional<Ongoing> ongoing) {
            if (ongoing.equals(opened)) {
                return;
            }
            if (ongoing.isEmpty()) {
                close();
            }
            ongoing.ifPresent(appends::open);
            opened = ongoing;
        }

        @Override
        public void close() {
            opened.ifPresent(ongoing -> appends.close(ongoing.producerId()));
            opened = Optional.empty();
        }

        private void send(Marker marker) {
            report(
                    markers.send(marker, coordinatorEpoch),
                    done -> new MarkerWritten(marker.partition()),
                    failure -> new MarkerFailed(marker.partition(), CoordinatorLog.errorOf(failure)));
        }

        private <T> void report(
                CompletionStage<T> work,
                Function<T, TransactionCommand> done,
                Function<Throwable, TransactionCommand> failed) {
            var unused = work.whenComplete((@Nullable T result, @Nullable Throwable failure) ->
                    outcomes.accept(failure == null ? done.apply(result) : failed.apply(failure)));
        }
    }
}
