package io.aeon.broker.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;

/**
 * Those who ask for all that is coordinated, and wait until all of it is known. Not thread-safe.
 *
 * @param <L> how one of it is listed
 */
final class Listers<L> {
    private final List<CompletableFuture<List<L>>> waiting = new ArrayList<>();

    /** @param reply answered by the next {@link #answer} or {@link #fail} */
    void add(CompletableFuture<List<L>> reply) {
        waiting.add(reply);
    }

    boolean nobodyWaits() {
        return waiting.isEmpty();
    }

    /** Everything is known. */
    void answer(Stream<L> listings) {
        List<L> all = listings.toList();
        waiting.forEach(reply -> reply.complete(all));
        waiting.clear();
    }

    /** Not everything will be known, clients may ask again. */
    void fail() {
        waiting.forEach(reply ->
                reply.completeExceptionally(new CoordinatorLoadInProgressException("not all of them are known yet")));
        waiting.clear();
    }
}
