package io.aeon.network;

import akka.Done;
import io.aeon.threads.FairExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The turn of one layer of a connection for heavy work, which takes the time of many usual requests. Few connections
 * have a turn at the same time, each after other work, so that light requests and new connections are served meanwhile.
 * Used on the connection's own thread.
 */
final class HeavyTurn {
    private final FairExecutor turns;
    private final Connection connection;
    private final Consumer<Runnable> own;
    private CompletableFuture<Done> over = CompletableFuture.completedFuture(Done.done());

    /**
     * @param turns of all connections; each is an owner
     * @param own runs an action on the connection's own thread, unless the layer has stopped
     */
    HeavyTurn(FairExecutor turns, Connection connection, Consumer<Runnable> own) {
        this.turns = turns;
        this.connection = connection;
        this.own = own;
    }

    /** Does the work later. The turn lasts until the work returns, or the layer has stopped. */
    void await(Runnable work) {
        CompletableFuture<Done> end = new CompletableFuture<>();
        over = end;
        turns.execute(connection, () -> {
            own.accept(() -> {
                work.run();
                end.complete(Done.done());
            });
            return end;
        });
    }

    /** The layer has stopped: others may go on. */
    void stopped() {
        over.complete(Done.done());
    }
}
