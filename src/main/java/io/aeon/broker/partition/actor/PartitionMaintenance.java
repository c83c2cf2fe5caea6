package io.aeon.broker.partition.actor;

import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.DeleteRecords;
import io.aeon.broker.partition.PartitionCommand.Truncate;
import io.aeon.broker.partition.PartitionEvent.ExpireProducers;
import io.aeon.broker.partition.PartitionEvent.Maintained;
import io.aeon.broker.partition.PartitionEvent.Prepared;
import io.aeon.broker.partition.Truncation;
import io.aeon.broker.partition.Truncation.Before;
import io.aeon.broker.partition.Truncation.ToEpochEnd;
import io.aeon.broker.partition.Truncation.ToOffset;
import io.aeon.broker.partition.Truncation.Whole;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.replication.EpochEnd;
import io.aeon.replication.LogPosition;
import io.aeon.storage.log.OffsetOutOfRangeException;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.segment.EpochEndOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Exclusive changes of one open log, each on a thread that may block on the disk. Each ends with {@link Maintained}.
 * Used only by the partition's actor.
 */
final class PartitionMaintenance {
    private static final long TO_HIGH_WATERMARK = -1;
    /**
     * The opening of a log scans this many bytes in about a millisecond, which is the cost of a checkpoint's fsyncs.
     */
    private static final long WORTHWHILE_BYTES = 1 << 20;

    private final PartitionDirectory directory;
    private final Supplier<CompletableFuture<Void>> recordDirectory;
    private final PartitionLog log;
    private final PartitionReader reader;
    private final WriteGate gate;
    private final PartitionCompaction compaction;
    private final PendingDeletes deletes;
    private final Replies replies;
    private final Executor blocking;
    private final ActorContext<PartitionCommand> context;
    private CompletableFuture<?> running = CompletableFuture.completedFuture(null);
    private boolean claimed;

    PartitionMaintenance(
            PartitionSetup setup,
            PartitionLog log,
            PartitionReader reader,
            WriteGate gate,
            PartitionCompaction compaction,
            PendingDeletes deletes,
            Replies replies,
            ActorContext<PartitionCommand> context) {
        this.directory = setup.directory();
        this.recordDirectory = setup.recordDirectory();
        this.log = log;
        this.reader = reader;
        this.gate = gate;
        this.compaction = compaction;
        this.deletes = deletes;
        this.replies = replies;
        this.blocking = setup.blocking();
        this.context = context;
        this.claimed = log.logEndOffset() > 0;
    }

    /** The work that started last. */
    CompletableFuture<?> running() {
        return running;
    }

    /** Whether the directory exists and has this topic's id; without it no append is possible. */
    boolean claimed() {
        return claimed;
    }

    /**
     * Creates the directory, once the metadata name the data directory: from then on a start without that data
     * directory knows that records are missing.
     */
    void claim() {
        gate.pass(0, false);
        claimed = true;
        maintain(recordDirectory.get().thenRunAsync(directory::claim, blocking));
    }

    /** Waits until {@code stall} is over; meanwhile no thread works on the log. */
    void await(CompletableFuture<Void> stall) {
        tellWhenEnded(stall);
    }

    /** Removes the records that retention allows to remove. */
    void housekeep() {
        long end = reader.extent().highWatermark();
        long stable = reader.stableTo();
        maintain(CompletableFuture.runAsync(
                () -> {
                    log.start().applyRetention(end);
                    giveSpaceBack();
                    log.checkpoint(WORTHWHILE_BYTES);
                    compaction.report(stable);
                },
                blocking));
    }

    /** Whether the active segment has records. */
    boolean mayRoll() {
        return log.start().mayRoll();
    }

    /** Begins a new active segment. */
    void roll() {
        maintain(CompletableFuture.runAsync(log.start()::roll, blocking));
    }

    void expireProducers(ExpireProducers expire) {
        log.producers().expire(expire.timestamp());
    }

    /** Advances the log start offset; the reply comes once the partition has counted that. */
    void deleteRecords(DeleteRecords delete) {
        long end = reader.extent().highWatermark();
        long offset = delete.offset() == TO_HIGH_WATERMARK ? end : delete.offset();
        if (offset < 0 || offset > end) {
            throw new OffsetOutOfRangeException(offset, log.logStartOffset(), end);
        }
        deletes.begins(delete, offset);
        maintain(CompletableFuture.runAsync(
                replyingFailure(delete, () -> {
                    log.start().advanceTo(offset);
                    giveSpaceBack();
                }),
                blocking));
    }

    /** Removes records as a follower. */
    void truncate(Truncate truncate) {
        long highWatermark = reader.extent().highWatermark();
        maintain(CompletableFuture.runAsync(
                replyingFailure(truncate, () -> {
                    apply(truncate.truncation(), highWatermark);
                    replies.complete(
                            truncate.reply(),
                            new LogPosition(log.logStartOffset(), log.logEndOffset(), log.latestEpoch()));
                }),
                blocking));
    }

    private void apply(Truncation truncation, long highWatermark) {
        if (truncation instanceof ToOffset to) {
            log.replication().truncateTo(to.offset());
        } else if (truncation instanceof ToEpochEnd to) {
            EpochEndOffset own = log.endOfEpoch(to.leaders().epoch());
            EpochEnd ownEnd = new EpochEnd(own.leaderEpoch(), own.endOffset());
            log.replication().truncateTo(EpochEnd.truncation(to.leaders(), ownEnd, log.logEndOffset()));
        } else if (truncation instanceof Whole whole) {
            log.replication().startAnew(whole.nextOffset());
        } else if (truncation instanceof Before before) {
            log.start().advanceTo(Math.min(before.offset(), highWatermark));
        }
    }

    private Runnable replyingFailure(PartitionCommand command, Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                replies.fail(command, e);
                throw e;
            }
        };
    }

    /**
     * Starts the swap of a compaction pass, if it has one to do.
     *
     * @return whether a swap was started
     */
    boolean swaps(Prepared prepared) {
        Runnable swap = compaction.prepared(prepared);
        if (swap != null) {
            maintain(CompletableFuture.runAsync(swap, blocking));
        }
        return swap != null;
    }

    private void giveSpaceBack() {
        if (gate.wantsSpace()) {
            log.start().purgeRemoved();
        }
    }

    private void maintain(CompletableFuture<Void> work) {
        running = work;
        tellWhenEnded(work);
    }

    private void tellWhenEnded(CompletableFuture<Void> work) {
        context.pipeToSelf(work, (nothing, failure) -> new Maintained(log, failure));
    }
}
