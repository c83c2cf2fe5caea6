package io.aeon.broker.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;

/**
 * The list requests that wait until all partitions are loaded. Not thread-safe.
 *
 * @param <L> listing of one coordinator
 */
final class Listers<L> {
    private final List<CompletableFuture<List<L>>> waiting = new ArrayList<>();

    /** @param reply completed by the next {@link #answer} or {@link #fail} */
    void add(CompletableFuture<List<L>> reply) {
        waiting.add(reply);
    }

    boolean nobodyWaits() {
        return waiting.isEmpty();
    }

    /** Answers all waiting requests; to be called when all partitions are loaded. */
    void answer(Stream<L> listings) {
        List<L> all = listings.toList();
        waiting.forEach(reply -> reply.complete(all));
        waiting.clear();
    }

    /** Fails all waiting requests with an error after which clients retry. */
    void fail() {
        waiting.forEach(reply -> reply.completeExceptionally(
                new CoordinatorLoadInProgressException("not all partitions of the coordinator topic are loaded yet")));
        waiting.clear();
    }
}
