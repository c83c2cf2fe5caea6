package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.PartitionCommand.AwaitReplicas;
import io.aeon.storage.log.AppendResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The appends of one partition that wait for their acknowledgement: first for the fsync that covers them, then, with
 * acks=all, for the high watermark. Not thread-safe.
 */
final class PendingAppends {
    private final Replies replies;
    private final ArrayDeque<Pending> forFsync = new ArrayDeque<>();
    private final ArrayDeque<Pending> forReplicas = new ArrayDeque<>();

    PendingAppends(Replies replies) {
        this.replies = replies;
    }

    /**
     * An append that is not acknowledged yet.
     *
     * @param end the log end offset after the append; appends are added in the order of their ends
     * @param byAll whether the high watermark has to reach {@code end}
     */
    record Pending(long end, boolean byAll, AppendResult result, CompletableFuture<AppendResult> reply) {}

    /** Acknowledges an append that has nothing to wait for. */
    void acknowledge(AppendResult result, CompletableFuture<AppendResult> reply) {
        replies.complete(reply, result);
    }

    void awaitFsync(Pending append) {
        forFsync.add(append);
    }

    void awaitReplicas(Pending append) {
        forReplicas.add(append);
    }

    /** The number of appends that wait for an fsync. */
    int waitingForFsync() {
        return forFsync.size();
    }

    /** Removes and returns the appends that wait for the high watermark only; the caller takes them over. */
    List<AwaitReplicas> takeForReplicas() {
        List<AwaitReplicas> taken = forReplicas.stream()
                .map(append -> new AwaitReplicas(append.end(), append.result(), append.reply()))
                .toList();
        forReplicas.clear();
        return taken;
    }

    boolean isEmpty() {
        return forFsync.isEmpty() && forReplicas.isEmpty();
    }

    /** Acknowledges the appends below both offsets, and those below {@code durable} that need only this disk. */
    void reached(long durable, long highWatermark) {
        if (isEmpty()) {
            return;
        }
        List<Pending> done = new ArrayList<>();
        take(forReplicas, highWatermark, done);
        while (!forFsync.isEmpty() && forFsync.peek().end() <= durable) {
            Pending next = forFsync.remove();
            if (next.byAll() && next.end() > highWatermark) {
                forReplicas.add(next);
            } else {
                done.add(next);
            }
        }
        if (!done.isEmpty()) {
            replies.run(() -> done.forEach(each -> each.reply().complete(each.result())));
        }
    }

    private static void take(ArrayDeque<Pending> from, long end, List<Pending> to) {
        while (!from.isEmpty() && from.peek().end() <= end) {
            to.add(from.remove());
        }
    }

    /** Fails every waiting append. */
    void fail(Throwable cause) {
        if (isEmpty()) {
            return;
        }
        List<Pending> failed = new ArrayList<>(forReplicas);
        failed.addAll(forFsync);
        forReplicas.clear();
        forFsync.clear();
        replies.run(() -> failed.forEach(each -> each.reply().completeExceptionally(cause)));
    }
}
