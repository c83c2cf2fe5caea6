package io.aeon.api.faults;

import io.aeon.api.ClientConnection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Keeps the order of requests of a connection of which one waits. */
final class ConnectionOrder {
    /** What the next request of the connection has to wait for. */
    private final Map<ClientConnection, CompletableFuture<?>> last = new ConcurrentHashMap<>();

    /**
     * Starts work after {@code gate}, and after the work that has been given for the same connection before. Called on
     * the connection's thread.
     */
    <T> CompletionStage<T> after(
            CompletableFuture<?> gate, ClientConnection connection, Supplier<CompletionStage<T>> work) {
        CompletableFuture<?> before = last.get(connection);
        if (before == null && gate.isDone()) {
            return work.get();
        }
        CompletableFuture<?> turn = before == null ? CompletableFuture.completedFuture(null) : before;
        CompletableFuture<CompletionStage<T>> started =
                turn.handle((done, failure) -> done).thenCombine(gate, (done, open) -> work.get());
        last.put(connection, started);
        var unused = started.whenComplete((done, failure) -> last.remove(connection, started));
        return started.thenCompose(Function.identity());
    }
}
