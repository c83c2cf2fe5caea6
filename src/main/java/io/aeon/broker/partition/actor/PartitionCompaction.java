package io.aeon.broker.partition.actor;

import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.disk.DiskSpace;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Compact;
import io.aeon.broker.partition.PartitionEvent.Prepared;
import io.aeon.broker.partition.cleaning.CompactionSetup;
import io.aeon.broker.partition.cleaning.LogCleaner;
import io.aeon.storage.compaction.Compaction;
import io.aeon.storage.compaction.CompactionConfig;
import io.aeon.storage.compaction.CompactionNeed;
import io.aeon.storage.compaction.KeptWhole;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.PartitionLog;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The compaction of one open log. It reports the need for compaction and runs the steps of a pass while the partition
 * serves requests. Used only by the partition's actor, which grants exclusive access to the log for each short swap.
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
    private volatile boolean failed;
    private @Nullable Compact asked;
    private final Queue<Compact> waiting = new ArrayDeque<>(1);
    private @Nullable Prepared held;
    private boolean swapping;
    private @Nullable Seen seen;
    private Optional<KeptWhole> keptWhole = Optional.empty();

    /** @param stableTo returns the first offset that may still be aborted or truncated */
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

    /** Whether no pass is in progress. */
    boolean isIdle() {
        return asked == null && work.isDone();
    }

    /** Completes when no thread works on a pass. */
    CompletableFuture<?> work() {
        return work;
    }

    /** The basis of the last report. */
    private record Seen(long reach, CompactionConfig config) {}

    /**
     * Reports how dirty the log is, if since the last report a pass could reach more records or the compaction settings
     * changed.
     */
    void look() {
        Seen now = new Seen(log.compaction().reach(), log.compaction().config());
        if (now.config().enabled() && !now.equals(seen)) {
            seen = now;
            long stable = stableTo.getAsLong();
            uses.run(() -> report(stable));
        }
    }

    /** Reports how dirty the log is; runs on a thread that may block on the disk. */
    void report(long stable) {
        if (log.compaction().config().enabled()) {
            setup.cleaner()
                    .tell(new LogCleaner.Report(partition, log.compaction().need(stable)));
        }
    }

    /** Starts a pass if one is due; each step ends with {@link Prepared}. */
    void start(Compact command) {
        if (asked != null) {
            waiting.add(command);
            return;
        }
        asked = command;
        long stable = stableTo.getAsLong();
        run(() -> {
            CompactionNeed need = log.compaction().need(stable);
            if (!need.isDue() && !(command.always() && need.dirtyRatio() > 0)) {
                return Optional.of(need);
            }
            Compaction fresh = log.compaction()
                    .pass(stable, setup.contents().get(), setup.memory().get());
            pass = fresh;
            if (failed) {
                fresh.cancel();
            }
            return prepare(fresh, stable);
        });
    }

    private Optional<CompactionNeed> prepare(Compaction current, long stable) {
        if (space.isLow()) {
            throw new StorageException("the disk has too little free space for the compacted copy of a segment");
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

    /** Keeps {@code prepared} until the log is free, because another change is in progress. */
    void hold(Prepared prepared) {
        held = prepared;
    }

    /** Returns the swap to run while no other change is in progress; null if the pass is over. */
    @Nullable
    Runnable prepared(Prepared prepared) {
        Compaction current = pass;
        if (prepared.failure() == null && prepared.need().isEmpty() && current != null) {
            swapping = true;
            return current::swap;
        }
        if (current != null) {
            nameKeptWhole(current.keptWhole());
        }
        Compact ended = asked;
        asked = null;
        pass = null;
        if (ended != null && prepared.failure() != null) {
            replies.fail(ended, prepared.failure());
        } else if (ended != null) {
            prepared.need().ifPresent(need -> replies.complete(ended.reply(), need));
        }
        if (!waiting.isEmpty()) {
            start(waiting.remove());
        }
        return null;
    }

    /** Each pass meets the same batches again, so they are named only when they are not the same. */
    private void nameKeptWhole(Optional<KeptWhole> now) {
        if (now.isPresent() && !now.equals(keptWhole)) {
            KeptWhole kept = now.get();
            context.getLog()
                    .warn(
                            "{}: compaction keeps {} batches whole because their records cannot be read, the first at"
                                    + " offset {}: {}",
                            partition,
                            kept.batches(),
                            kept.firstOffset(),
                            kept.reason());
        }
        keptWhole = now;
    }

    /** Continues after a change of the log has ended. */
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

    /** Fails the current pass, because the log is closed. */
    void fail(Throwable cause) {
        waiting.forEach(command -> replies.fail(command, cause));
        waiting.clear();
        if (asked != null) {
            replies.fail(asked, cause);
            asked = null;
            cancel();
        }
    }

    /** The pass may be created only after the call, by the work that is under way. */
    private void cancel() {
        failed = true;
        Compaction current = pass;
        if (current != null) {
            current.cancel();
        }
        if (!swapping) {
            work = work.handleAsync(
                    (ended, failure) -> {
                        closePass();
                        return ended;
                    },
                    blocking);
        }
    }

    private void closePass() {
        Compaction current = pass;
        if (current != null) {
            current.close();
        }
    }
}
