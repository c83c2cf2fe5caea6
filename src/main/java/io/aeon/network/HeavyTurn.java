package io.aeon.network;

import akka.Done;
import io.aeon.threads.FairExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
    private FairExecutor.@Nullable Task awaited;
    private boolean on;

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
        FairExecutor.Task task = () -> {
            own.accept(() -> {
                awaited = null;
                on = true;
                work.run();
                on = false;
                end.complete(Done.done());
            });
            return end;
        };
        over = end;
        awaited = task;
        turns.execute(connection, task);
    }

    /** Whether the layer has its turn now. If not, {@code work} is done in its next turn. */
    boolean isOn(Runnable work) {
        if (!on && awaited == null) {
            await(work);
        }
        return on;
    }

    /** The layer has stopped: others may go on. */
    void stopped() {
        if (awaited != null) {
            turns.withdraw(connection, awaited);
        }
        over.complete(Done.done());
    }
}
