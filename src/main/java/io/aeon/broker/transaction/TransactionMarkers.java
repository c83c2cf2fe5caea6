package io.aeon.broker.transaction;

import io.aeon.coordinator.transaction.Marker;
import java.util.concurrent.CompletableFuture;

/** The coordinators' way to the partitions of their transactions, wherever these are led (WriteTxnMarkers). Thread-safe. */
@FunctionalInterface
public interface TransactionMarkers {
    /**
     * Done when the marker is durable, or not needed any more. A partition that nobody leads just now, or that does not
     * answer as it should, is neither; the failure says so, and the marker must be sent again.
     *
     * @param coordinatorEpoch which coordinator's markers count, should there be two: the one of the later leader
     */
    CompletableFuture<Void> send(Marker marker, int coordinatorEpoch);
}
