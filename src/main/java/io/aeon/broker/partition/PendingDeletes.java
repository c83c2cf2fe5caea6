package io.aeon.broker.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The deletions of records of one partition that are under way: this replica carries them out one at a time, then they
 * wait for the other in-sync replicas. Not thread-safe.
 */
final class PendingDeletes {
    private final Replies replies;
    private final List<Pending> waiting = new ArrayList<>();
    private @Nullable Pending underWay;

    PendingDeletes(Replies replies) {
        this.replies = replies;
    }

    /** @param offset below which all records are deleted */
    private record Pending(long offset, CompletableFuture<Long> byAll) {}

    /** This replica begins to delete the records below {@code offset}; {@code byAll} completes when all have done so. */
    void begins(long offset, CompletableFuture<Long> byAll) {
        underWay = new Pending(offset, byAll);
    }

    /** This replica has carried out the deletion that began last. */
    void carriedOut() {
        if (underWay != null) {
            waiting.add(underWay);
            underWay = null;
        }
    }

    /** Whether nobody waits for another replica; one whose time is over does not wait. */
    boolean isEmpty() {
        if (!waiting.isEmpty()) {
            waiting.removeIf(each -> each.byAll().isDone());
        }
        return waiting.isEmpty();
    }

    /** All in-sync replicas have deleted the records below {@code deletedEnd}. */
    void reached(long deletedEnd) {
        List<Pending> done =
                waiting.stream().filter(each -> each.offset() <= deletedEnd).toList();
        waiting.removeAll(done);
        done.forEach(each -> replies.complete(each.byAll(), deletedEnd));
    }

    /** Fails every deletion. */
    void fail(Throwable cause) {
        carriedOut();
        List<Pending> failed = List.copyOf(waiting);
        waiting.clear();
        if (!failed.isEmpty()) {
            replies.run(() -> failed.forEach(each -> each.byAll().completeExceptionally(cause)));
        }
    }
}
