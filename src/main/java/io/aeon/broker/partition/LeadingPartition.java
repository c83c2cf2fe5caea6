package io.aeon.broker.partition;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.PartitionCommand.DeleteRecords;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.ExpireProducers;
import io.aeon.broker.partition.PartitionEvent.Flushed;
import io.aeon.broker.partition.PartitionEvent.IdleCheck;
import io.aeon.broker.partition.PartitionEvent.Maintained;
import io.aeon.broker.partition.PartitionEvent.Prepared;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.OffsetOutOfRangeException;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.producer.RefusedAppendException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * An open partition at work: one log, who waits for its fsync and who for its growth. Belongs to its actor, whose state
 * methods decide which command may come when. What it throws is the command's own error.
 */
final class LeadingPartition {
    private static final long TO_HIGH_WATERMARK = -1;
    /** An opening scans that much in about a millisecond, which is what a checkpoint takes for its fsyncs. */
    private static final long WORTHWHILE_BYTES = 1 << 20;

    private final PartitionDirectory directory;
    private final PartitionLog log;
    private final WriteGate gate;
    private final Executor blocking;
    private final LogUse uses;
    private final ActorContext<PartitionCommand> context;
    private final PartitionFlush flush;
    private final Replies replies;
    private final FsyncBatching batching;
    private final PartitionCompaction compaction;
    private final Watchers watchers = new Watchers();
    private final LogFaults faults;
    private final PartitionReader reader;
    private int leaderEpoch;
    private boolean claimed;
    private boolean used;
    private CompletableFuture<?> maintenance = CompletableFuture.completedFuture(null);

    LeadingPartition(
            PartitionSetup setup,
            PartitionLog log,
            int leaderEpoch,
            WriteGate gate,
            Replies replies,
            ActorContext<PartitionCommand> context,
            TimerScheduler<PartitionCommand> timers) {
        this.directory = setup.directory();
        this.log = log;
        this.faults = new LogFaults(directory, log, replies);
        this.claimed = log.logEndOffset() > 0;
        this.leaderEpoch = leaderEpoch;
        this.gate = gate;
        this.blocking = setup.blocking();
        this.uses = new LogUse(blocking);
        this.context = context;
        this.replies = replies;
        this.batching = new FsyncBatching(
                setup.flush(), replies, log.durableOffset(), Math.max(log.durableOffset(), log.logEndOffset()));
        this.flush = new PartitionFlush(log, batching, setup, context, timers);
        this.compaction = new PartitionCompaction(log, setup, this::stableTo, replies, uses, context);
        this.reader = new PartitionReader(log, batching, leaderEpoch, faults, replies, uses);
        faults.report();
    }

    private long stableTo() {
        return log.lastStableOffset(batching.highWatermark());
    }

    LogFaults faults() {
        return faults;
    }

    PartitionReader reader() {
        return reader;
    }

    PartitionLog log() {
        return log;
    }

    /** Completes when no work of this partition is under way on another thread; never fails. */
    CompletableFuture<Void> quiescent() {
        return CompletableFuture.allOf(flush.running(), maintenance, compaction.work(), uses.none())
                .exceptionally(failure -> null);
    }

    /**
     * Says so if nothing is under way, nor was since the last check, but for questions that need no open log. A partition
     * whose last write failed stays, because what comes next depends on that.
     */
    void checkIdle(IdleCheck check) {
        boolean unused = !reader.wasUsed() && !used && !gate.isFailing();
        used = false;
        if ((unused || check.evenIfUsed()) && isQuiet()) {
            check.replyTo().tell(new TopicsCommand.Idle(directory.partition(), context.getSelf()));
        }
    }

    /** Whether no append waits, no transaction is open, and no other thread works on the log or reads it. */
    boolean isQuiet() {
        return !batching.hasWaiting()
                && reader.extent().isStable()
                && flush.running().isDone()
                && maintenance.isDone()
                && compaction.isIdle()
                && uses.none().isDone();
    }

    /** Those who watch are from now on somebody else's. */
    List<Watch> takeWatches() {
        return watchers.takeAll();
    }

    void append(Append append) {
        int bytes = append.batches().remaining();
        gate.pass(bytes, false);
        append(bytes, append.acks(), append.reply(), () -> write(append));
    }

    private AppendResult write(Append append) {
        if (append.epochPerTransaction()) {
            log.producers().requireKnown(append.batches(), append.batches().position());
        }
        return log.append(append.batches(), leaderEpoch);
    }

    void appendMarker(AppendMarker marker) {
        int bytes = marker.batch().remaining();
        gate.pass(bytes, true);
        int version = marker.transactionVersion();
        append(bytes, Acks.ALL, marker.reply(), () -> log.appendMarker(marker.batch(), leaderEpoch, version));
    }

    private void append(int bytes, Acks acks, CompletableFuture<AppendResult> reply, Supplier<AppendResult> action) {
        used = true;
        AppendResult result;
        try {
            result = action.get();
        } catch (RefusedAppendException e) {
            throw Refusals.of(e);
        }
        batching.appended(result, bytes, acks, reply);
        flush.ifDue();
        wakeWatchers();
    }

    void watch(Watch watch) {
        watchers.add(watch, reader.extent());
    }

    void expireProducers(ExpireProducers expire) {
        log.producers().expire(expire.timestamp());
    }

    void configure(Configure configure) {
        leaderEpoch = configure.leaderEpoch();
        reader.lead(leaderEpoch);
        log.reconfigure(configure.config());
        compaction.look();
    }

    /** Whether the directory is there and known as this topic's; without it nothing can be appended. */
    boolean claimed() {
        return claimed;
    }

    /** Starts making the directory; ends with {@link Maintained}. */
    void claim() {
        gate.pass(0, false);
        claimed = true;
        maintain(CompletableFuture.runAsync(directory::claim, blocking));
    }

    /** Waits until the disk lets its writers go; ends with {@link Maintained}. */
    void await(CompletableFuture<Void> stall) {
        maintain(stall);
    }

    /** Starts removing what retention allows; ends with {@link Maintained}. */
    void housekeep() {
        long end = batching.highWatermark();
        long stable = stableTo();
        maintain(CompletableFuture.runAsync(
                () -> {
                    log.applyRetention(end);
                    giveSpaceBack();
                    log.checkpoint(WORTHWHILE_BYTES);
                    compaction.report(stable);
                },
                blocking));
    }

    /** Starts moving the log start; ends with {@link Maintained}. */
    void deleteRecords(DeleteRecords delete) {
        long end = batching.highWatermark();
        long offset = delete.offset() == TO_HIGH_WATERMARK ? end : delete.offset();
        if (offset < 0 || offset > end) {
            throw new OffsetOutOfRangeException(offset, log.logStartOffset(), end);
        }
        maintain(CompletableFuture.runAsync(
                () -> {
                    try {
                        log.advanceLogStart(offset);
                        giveSpaceBack();
                        replies.complete(delete.reply(), log.logStartOffset());
                    } catch (RuntimeException e) {
                        replies.fail(delete, e);
                        throw e;
                    }
                },
                blocking));
    }

    PartitionCompaction compaction() {
        return compaction;
    }

    /** Whether the pass has a swap to do, which then is under way and ends with {@link Maintained}. */
    boolean swaps(Prepared prepared) {
        Runnable swap = compaction.prepared(prepared);
        if (swap != null) {
            maintain(CompletableFuture.runAsync(swap, blocking));
        }
        return swap != null;
    }

    private void giveSpaceBack() {
        if (gate.wantsSpace()) {
            log.purgeRemoved();
        }
    }

    private void maintain(CompletableFuture<Void> work) {
        maintenance = work;
        context.pipeToSelf(work, (nothing, failure) -> new Maintained(log, failure));
    }

    void maintained() {
        compaction.goOn();
        wakeWatchers();
    }

    void flushTick() {
        flush.tick();
    }

    void flushed(Flushed flushed) {
        gate.worked();
        batching.flushed(flushed.durableOffset());
        compaction.look();
        flush.ifDue();
        wakeWatchers();
    }

    /** Ends every wait: the log serves no more. */
    void fail(Throwable cause) {
        batching.fail(cause);
        compaction.fail(cause);
        watchers.wakeAll();
    }

    private void wakeWatchers() {
        if (!watchers.isEmpty()) {
            watchers.changed(reader.extent());
        }
    }
}
