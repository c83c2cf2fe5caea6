package io.aeon.broker.partition;

import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.disk.DiskSpace;
import io.aeon.broker.partition.PartitionCommand.Compact;
import io.aeon.broker.partition.PartitionEvent.Prepared;
import io.aeon.storage.compaction.Compaction;
import io.aeon.storage.compaction.CompactionConfig;
import io.aeon.storage.compaction.CompactionNeed;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.PartitionLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The compaction of one open log: says when it is wanted, and takes a pass through its steps while the partition serves.
 * Belongs to the partition's actor, which lends the log for each short swap.
 */
final class PartitionCompaction {
    private final TopicPartition partition;
    private final PartitionLog log;
    private final CompactionSetup setup;
    private final DiskSpace space;
    private final LongSupplier stableTo;
    private final Replies replies;
    private final LogUse uses;
    private final Executor blocking;
    private final ActorContext<PartitionCommand> context;
    private CompletableFuture<?> work = CompletableFuture.completedFuture(null);
    private volatile @Nullable Compaction pass;
    private @Nullable Compact asked;
    private @Nullable Prepared held;
    private boolean swapping;
    private @Nullable Seen seen;

    /** @param stableTo first offset that may still be taken back */
    PartitionCompaction(
            PartitionLog log,
            PartitionSetup partition,
            LongSupplier stableTo,
            Replies replies,
            LogUse uses,
            ActorContext<PartitionCommand> context) {
        this.uses = uses;
        this.replies = replies;
        this.partition = partition.directory().partition();
        this.log = log;
        this.setup = partition.compaction();
        this.space = partition.disk().space();
        this.stableTo = stableTo;
        this.blocking = partition.blocking();
        this.context = context;
    }

    /** Whether no pass is under way. */
    boolean isIdle() {
        return asked == null && work.isDone();
    }

    /** Completes when no thread works on a pass. */
    CompletableFuture<?> work() {
        return work;
    }

    /** What the last report was made from. */
    private record Seen(long reach, CompactionConfig config) {}

    /** Reports how dirty the log is, if more of it has come within reach of a pass since the last look, or by other rules. */
    void look() {
        Seen now = new Seen(log.compaction().reach(), log.compaction().config());
        if (now.config().enabled() && !now.equals(seen)) {
            seen = now;
            long stable = stableTo.getAsLong();
            uses.run(() -> report(stable));
        }
    }

    /** Reports how dirty the log is; on a thread that may wait for the disk. */
    void report(long stable) {
        if (log.compaction().config().enabled()) {
            setup.cleaner()
                    .tell(new LogCleaner.Report(partition, log.compaction().need(stable)));
        }
    }

    /** Begins a pass if one is due; ends with {@link Prepared}. */
    void start(Compact command) {
        if (asked != null) {
            throw new IllegalStateException(partition + " is being compacted");
        }
        asked = command;
        long stable = stableTo.getAsLong();
        run(() -> {
            CompactionNeed need = log.compaction().need(stable);
            if (!need.isDue()) {
                return Optional.of(need);
            }
            Compaction fresh = log.compaction().pass(stable, setup.contents().get(), setup.memory());
            pass = fresh;
            return prepare(fresh, stable);
        });
    }

    private Optional<CompactionNeed> prepare(Compaction current, long stable) {
        if (space.isLow()) {
            throw new StorageException(
                    "too little of the disk is free to write what compaction leaves beside what is there");
        }
        return current.prepare()
                ? Optional.empty()
                : Optional.of(log.compaction().need(stable));
    }

    private void run(Supplier<Optional<CompactionNeed>> step) {
        CompletableFuture<Optional<CompactionNeed>> next = CompletableFuture.supplyAsync(step, blocking);
        work = next;
        context.pipeToSelf(next, (need, failure) -> new Prepared(log, need == null ? Optional.empty() : need, failure));
    }

    /** The log is busy with something else: go on when it is free. */
    void hold(Prepared prepared) {
        held = prepared;
    }

    /** The swap that is to be done while nothing else changes the log; null if the pass is over. */
    @Nullable
    Runnable prepared(Prepared prepared) {
        Compaction current = pass;
        if (prepared.failure() == null && prepared.need().isEmpty() && current != null) {
            swapping = true;
            return current::swap;
        }
        Compact ended = asked;
        asked = null;
        pass = null;
        if (ended != null && prepared.failure() != null) {
            replies.fail(ended, prepared.failure());
        } else if (ended != null) {
            prepared.need().ifPresent(need -> replies.complete(ended.reply(), need));
        }
        return null;
    }

    /** The log is free again. */
    void goOn() {
        Compaction current = pass;
        if (swapping && current != null) {
            swapping = false;
            long stable = stableTo.getAsLong();
            run(() -> prepare(current, stable));
        }
        if (held != null) {
            context.getSelf().tell(held);
            held = null;
        }
    }

    /** The log serves no more. */
    void fail(Throwable cause) {
        if (asked != null) {
            replies.fail(asked, cause);
            asked = null;
        }
        Compaction current = pass;
        if (current != null) {
            current.cancel();
        }
    }
}
