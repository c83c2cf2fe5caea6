package io.aeon.broker.transaction;

import io.aeon.broker.group.GroupCoordinators;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.transaction.OtherBrokers.SentMarker;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.group.record.GroupRecordFormat;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Writes transaction markers to the partitions that this broker leads, whichever broker has decided the transaction.
 * Thread-safe.
 */
public final class LocalMarkers implements TransactionMarkers {
    /** Then a marker that is sent again is written again: an actor that has stopped may have lost the command. */
    private static final long LONGEST_WAIT_MINUTES = 1;

    private final Partitions partitions;
    private final GroupCoordinators groups;
    private final TransactionalAppends appends;
    private final RecordBatches batches;
    private final Supplier<Now> clock;
    private final Map<SentMarker, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    /**
     * @param groups handles markers for the offsets topic
     * @param appends stops the records of the transaction before its marker
     */
    public LocalMarkers(
            Partitions partitions,
            GroupCoordinators groups,
            TransactionalAppends appends,
            RecordBatches batches,
            Supplier<Now> clock) {
        this.partitions = partitions;
        this.groups = groups;
        this.appends = appends;
        this.batches = batches;
        this.clock = clock;
    }

    /**
     * {@inheritDoc} It fails with the error of the partition. A marker that is sent again while the partition has not
     * answered is not written twice: a partition that hangs would collect them.
     */
    @Override
    public CompletableFuture<Void> send(Marker marker, int coordinatorEpoch) {
        SentMarker sent = new SentMarker(marker, coordinatorEpoch);
        CompletableFuture<Void> written = new CompletableFuture<>();
        CompletableFuture<Void> earlier = underWay.putIfAbsent(sent, written);
        if (earlier != null) {
            return earlier.copy();
        }
        var unused = write(marker, coordinatorEpoch)
                .orTimeout(LONGEST_WAIT_MINUTES, TimeUnit.MINUTES)
                .whenComplete((result, failure) -> {
                    underWay.remove(sent);
                    if (failure == null) {
                        written.complete(null);
                    } else {
                        written.completeExceptionally(failure);
                    }
                });
        return written;
    }

    private CompletableFuture<AppendResult> write(Marker marker, int coordinatorEpoch) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        ByteBuffer batch = batches.endMarker(
                marker.producerId(),
                marker.producerEpoch(),
                coordinatorEpoch,
                marker.commit(),
                clock.get().epochMs());
        appends.end(marker);
        if (marker.partition().topic().equals(GroupRecordFormat.TOPIC)) {
            groups.end(marker, batch, reply);
        } else {
            partitions.tell(marker.partition(), new AppendMarker(batch, marker.transactionVersion(), reply));
        }
        return reply;
    }
}
