package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.PartitionCommand.DeleteRecords;
import io.aeon.broker.partition.PartitionCommand.Deleted;
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
    private @Nullable Begun underWay;

    PendingDeletes(Replies replies) {
        this.replies = replies;
    }

    /** @param offset below which this replica deletes all records */
    private record Begun(DeleteRecords command, long offset) {}

    /** @param offset below which all records are deleted */
    private record Pending(long offset, CompletableFuture<Long> byAll) {}

    /** This replica begins to delete the records below {@code offset}. */
    void begins(DeleteRecords command, long offset) {
        underWay = new Begun(command, offset);
    }

    /**
     * This replica has carried out the deletion that began last, if one did.
     *
     * @param logStartOffset of this replica after that
     * @param deletedEnd offset below which all in-sync replicas have deleted their records
     */
    void carriedOut(long logStartOffset, long deletedEnd) {
        if (underWay == null) {
            return;
        }
        Begun done = underWay;
        underWay = null;
        CompletableFuture<Long> byAll = new CompletableFuture<>();
        if (done.offset() <= deletedEnd) {
            byAll.complete(deletedEnd);
        } else {
            waiting.add(new Pending(done.offset(), byAll));
        }
        replies.complete(done.command().reply(), new Deleted(logStartOffset, byAll));
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
        if (underWay != null) {
            replies.fail(underWay.command(), cause);
            underWay = null;
        }
        List<Pending> failed = List.copyOf(waiting);
        waiting.clear();
        if (!failed.isEmpty()) {
            replies.run(() -> failed.forEach(each -> each.byAll().completeExceptionally(cause)));
        }
    }
}
