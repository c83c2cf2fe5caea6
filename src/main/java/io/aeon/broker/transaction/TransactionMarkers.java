package io.aeon.broker.transaction;

import io.aeon.coordinator.transaction.Marker;
import java.util.concurrent.CompletableFuture;

/** Sends transaction markers to partitions (WriteTxnMarkers). Thread-safe. */
@FunctionalInterface
public interface TransactionMarkers {
    /**
     * Sends a marker. Completes when the marker is durable, or no longer needed as far as the sender can tell. Fails if
     * the partition has no leader now or answers with an error; the marker must then be sent again.
     *
     * @param coordinatorEpoch leader epoch of the coordinator's partition; of two coordinators, only markers with the
     *     later epoch count
     */
    CompletableFuture<Void> send(Marker marker, int coordinatorEpoch);
}
