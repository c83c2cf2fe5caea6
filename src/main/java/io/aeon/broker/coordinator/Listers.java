package io.aeon.broker.coordinator;

import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.coordinator.CoordinatorsCommand.ListOverdue;
import io.aeon.coordinator.Effects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;

/**
 * The list requests that wait until all partitions are loaded. Not thread-safe.
 *
 * @param <L> listing of one coordinator
 */
final class Listers<C, E extends Effects, L> {
    private static final Duration PATIENCE = Duration.ofMillis(CoordinatorPartition.PATIENCE_MS);

    private final TimerScheduler<CoordinatorsCommand<C, E, L>> timers;
    private final Executor pool;
    private final List<CompletableFuture<List<L>>> waiting = new ArrayList<>();

    /**
     * @param timers send {@link ListOverdue} when the first request has waited too long
     * @param pool runs what others do with the listings, which may take long
     */
    Listers(TimerScheduler<CoordinatorsCommand<C, E, L>> timers, Executor pool) {
        this.timers = timers;
        this.pool = pool;
    }

    /** @param reply completed by the next {@link #answer} or {@link #fail} */
    void add(CompletableFuture<List<L>> reply) {
        if (waiting.isEmpty()) {
            timers.startSingleTimer(ListOverdue.class, new ListOverdue<>(), PATIENCE);
        }
        waiting.add(reply);
    }

    boolean nobodyWaits() {
        return waiting.isEmpty();
    }

    /** Answers all waiting requests; to be called when all partitions are loaded. */
    void answer(Stream<L> listings) {
        List<L> all = listings.toList();
        waiting.forEach(reply -> pool.execute(() -> reply.complete(all)));
        clear();
    }

    /** Fails all waiting requests with an error after which clients retry. */
    void fail() {
        waiting.forEach(reply -> reply.completeExceptionally(
                new CoordinatorLoadInProgressException("not all partitions of the coordinator topic are loaded yet")));
        clear();
    }

    private void clear() {
        waiting.clear();
        timers.cancel(ListOverdue.class);
    }
}
