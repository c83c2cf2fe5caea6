package io.aeon.api.produce;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The heap for batches that their topic's codec has made larger than the client sent them, which the network does not
 * count. Claims are granted in the order of asking; no thread waits. Thread-safe.
 */
final class GrownBatches {
    private final long most;
    private final Queue<Claim> waiting = new ArrayDeque<>();
    private long used;

    private record Claim(long bytes, CompletableFuture<Void> granted) {}

    /** @param most bytes of all batches together; one larger batch is admitted when there is no other */
    GrownBatches(long most) {
        this.most = most;
    }

    /** Completes when there is room for these bytes; they count until {@link #release}. */
    CompletionStage<Void> claim(long bytes) {
        CompletableFuture<Void> granted = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(new Claim(bytes, granted));
        }
        grant();
        return granted;
    }

    void release(long bytes) {
        synchronized (this) {
            used -= bytes;
        }
        grant();
    }

    private void grant() {
        for (Claim next = next(); next != null; next = next()) {
            next.granted().complete(null);
        }
    }

    private synchronized @Nullable Claim next() {
        Claim first = waiting.peek();
        if (first == null || (used > 0 && used + first.bytes() > most)) {
            return null;
        }
        used += first.bytes();
        return waiting.remove();
    }
}
