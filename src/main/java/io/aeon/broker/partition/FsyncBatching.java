package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.PartitionLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Which appends of one partition wait for which fsync, so that one fsync serves all of them, and how far consumers may
 * read meanwhile. Not thread-safe.
 */
final class FsyncBatching {
    private final FlushSettings settings;
    private final Replies replies;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long logEnd;
    private long durable;
    private long unflushedBytes;
    private boolean flushing;
    private Gathering gathering = new Gathering(0);
    private int expected;

    /**
     * @param replies completes what no longer waits
     * @param durable everything below this offset is on the disk
     * @param logEnd offset the next record gets
     */
    FsyncBatching(FlushSettings settings, Replies replies, long durable, long logEnd) {
        this.settings = settings;
        this.replies = replies;
        this.durable = durable;
        this.logEnd = logEnd;
    }

    /**
     * Takes note of an append, or of one repeated that the log has already; completes {@code reply} now or with the fsync
     * that covers it.
     */
    void appended(AppendResult result, int bytes, Acks acks, CompletableFuture<AppendResult> reply) {
        long end = result.lastOffset() + 1;
        logEnd = Math.max(logEnd, end);
        unflushedBytes += bytes;
        if (mustBeDurable(acks) && end > durable) {
            waiting.add(new Waiting(logEnd, result, reply));
            gathering.arrived();
        } else {
            replies.complete(reply, result);
        }
    }

    private boolean mustBeDurable(Acks acks) {
        return switch (settings.mode()) {
            case SYNC -> acks != Acks.NONE;
            case INTERVAL -> acks == Acks.ALL;
            case OS -> false;
        };
    }

    /**
     * Whether an fsync shall start now.
     *
     * @param rolled whether a segment is full that no fsync has covered whole; where nobody waits for one it is due then
     */
    boolean flushDue(boolean rolled) {
        return !flushing
                && switch (settings.mode()) {
                    case SYNC -> durable < logEnd;
                    case INTERVAL -> !waiting.isEmpty() || unflushedBytes >= settings.intervalBytes();
                    case OS -> rolled || unflushedBytes >= PartitionLog.CHECKPOINT_BYTES;
                };
    }

    /** Whether an fsync has to come by the interval's end, though none is due now. */
    boolean flushLater() {
        return settings.mode() == Mode.INTERVAL && !flushing && durable < logEnd;
    }

    /**
     * An fsync is about to start, when those have come that are gathered for it. Those are as many as were under way at
     * the end of the last fsync: who had several answers then will soon have sent as many appends again. A client that
     * sends one at a time never waits.
     */
    Gathering flushStarted() {
        flushing = true;
        unflushedBytes = 0;
        gathering = new Gathering(expected - waiting.size());
        return gathering;
    }

    /** An fsync has ended well: completes the appends it covers. */
    void flushed(long durableOffset) {
        flushing = false;
        expected = waiting.size();
        durable = Math.max(durable, durableOffset);
        List<Waiting> done = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().end() <= durable) {
            done.add(waiting.remove());
        }
        if (!done.isEmpty()) {
            replies.run(() -> done.forEach(each -> each.reply().complete(each.result())));
        }
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Fails every append that waits. */
    void fail(Throwable cause) {
        List<Waiting> failed = List.copyOf(waiting);
        waiting.clear();
        replies.run(() -> failed.forEach(each -> each.reply().completeExceptionally(cause)));
    }

    /**
     * Consumers may read below this offset. In sync only what is durable, so that an offset once served never stands for
     * other bytes.
     */
    long highWatermark() {
        return settings.mode() == Mode.SYNC ? durable : logEnd;
    }

    private record Waiting(long end, AppendResult result, CompletableFuture<AppendResult> reply) {}
}
