package io.aeon.broker.partition.actor;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.partition.Extent;
import io.aeon.broker.partition.Growth;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.PartitionCommand.AwaitReplicas;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.IdleCheck;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.Watchers;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.replication.HighWatermark;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.PartitionLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.jspecify.annotations.Nullable;

/**
 * A partition whose log is open: its log and role, the appends that wait for an acknowledgement and the watchers that
 * wait for changes. Used only by its actor, whose states decide which command is allowed when. An exception from a
 * command's method is the error of that command.
 */
final class OpenPartition {
    private final PartitionDirectory directory;
    private final PartitionLog log;
    private final WriteGate gate;
    private final ActorContext<PartitionCommand> context;
    private final FsyncBatching batching;
    private final HighWatermark highWatermark;
    private final PendingAppends pending;
    private final PendingDeletes deletes;
    private final PartitionFlush flush;
    private final PartitionCompaction compaction;
    private final PartitionMaintenance maintenance;
    private final PartitionAppends appends;
    private final Watchers watchers;
    private final LogFaults faults;
    private final LogUse uses;
    private final PartitionReader reader;
    private final Leadership leadership;
    private final Followers followers;
    private final Following following;
    private final Handover handover;

    /**
     * @param highWatermark the last known high watermark; updated with the partition's
     * @param configured the initial settings and role; a call of {@link #configure} has to follow
     * @param term the followers as known from the time before the log was opened
     */
    OpenPartition(
            PartitionSetup setup,
            PartitionLog log,
            AtomicLong highWatermark,
            Configure configured,
            LeaderTerm term,
            WriteGate gate,
            Replies replies,
            ActorContext<PartitionCommand> context,
            TimerScheduler<PartitionCommand> timers) {
        this.directory = setup.directory();
        this.log = log;
        this.gate = gate;
        this.context = context;
        long logEnd = Math.max(log.durableOffset(), log.logEndOffset());
        this.batching = new FsyncBatching(setup.flush(), log.durableOffset(), logEnd);
        this.handover =
                new Handover(setup, log.recovery().damage().isPresent(), log.logEndOffset() < highWatermark.get());
        highWatermark.accumulateAndGet(log.logStartOffset(), Math::max);
        this.highWatermark = new HighWatermark(highWatermark, batching.safeEnd());
        this.leadership = new Leadership(directory, log, this.highWatermark, term, configured.role());
        this.pending = new PendingAppends(replies);
        this.deletes = new PendingDeletes(replies);
        this.flush = new PartitionFlush(log, batching, pending, setup, context, timers);
        this.faults = new LogFaults(directory, log, replies);
        this.uses = new LogUse(setup.blocking());
        Extent extent = Extent.of(log, this.highWatermark.value());
        Growth growth = new Growth(extent, log.logEndOffset(), log.sizeInBytes());
        this.appends = new PartitionAppends(setup, log, gate, leadership, this.highWatermark, growth, flush);
        this.watchers = new Watchers(growth, extent);
        this.reader = new PartitionReader(log, this.highWatermark, growth, configured.role(), faults, replies, uses);
        this.compaction = new PartitionCompaction(log, setup, reader::stableTo, replies, uses, context);
        this.maintenance = new PartitionMaintenance(setup, log, reader, gate, compaction, deletes, replies, context);
        this.followers = new Followers(reader, leadership, term, this::advance);
        this.following = new Following(this, this.highWatermark);
        faults.report();
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

    PartitionCompaction compaction() {
        return compaction;
    }

    PartitionMaintenance maintenance() {
        return maintenance;
    }

    Leadership leadership() {
        return leadership;
    }

    /** Sees to it that another replica leads, if this one lacks records. */
    Handover handover() {
        return handover;
    }

    Followers followers() {
        return followers;
    }

    Following following() {
        return following;
    }

    /** Completes when no other thread works for this partition; never fails. */
    CompletableFuture<Void> quiescent() {
        return CompletableFuture.allOf(flush.running(), maintenance.running(), compaction.work(), uses.none())
                .exceptionally(failure -> null);
    }

    /**
     * Replies that the partition is idle, if it has no work in progress and no request since the last check needed the
     * open log. A partition whose last write failed never counts as idle, because the retry depends on its state.
     */
    void checkIdle(IdleCheck check) {
        boolean appended = appends.wereMade();
        boolean unused = !reader.wasUsed() && !appended && !gate.isFailing();
        if ((unused || check.evenIfUsed()) && isQuiet()) {
            check.replyTo().tell(new TopicsCommand.Idle(directory.partition(), context.getSelf()));
        }
    }

    /**
     * Whether no append and no deletion waits, no transaction is open, all records are committed, no change of the ISR
     * is under way, and no other thread changes or reads the log.
     */
    boolean isQuiet() {
        return pending.isEmpty()
                && canMove()
                && deletes.isEmpty()
                && reader.extent().isStable()
                && isCommittedToItsEnd()
                && flush.running().isDone()
                && maintenance.running().isDone()
                && uses.none().isDone();
    }

    boolean awaitsFsync() {
        return pending.waitingForFsync() > 0;
    }

    /**
     * Whether no append waits for an fsync, and no change of the ISR or compaction is in progress. Reads and a flush
     * may be, and appends may wait for other replicas.
     */
    boolean canMove() {
        return !awaitsFsync() && leadership.isSettled() && compaction.isIdle();
    }

    /** Whether the high watermark equals the log end offset, or will as soon as this disk has synced the log. */
    boolean isCommittedToItsEnd() {
        return leadership.durableHighWatermark() >= log.logEndOffset();
    }

    /** Removes and returns the watches; the caller takes them over. */
    List<Watch> takeWatches() {
        return watchers.takeAll();
    }

    /** Removes and returns the appends that wait for other replicas; the caller takes them over. */
    List<AwaitReplicas> takeAppends() {
        return pending.takeForReplicas();
    }

    /** Applies new settings and a new role. */
    void configure(Configure configured) {
        Role role = configured.role();
        reader.assume(role);
        log.reconfigure(configured.config());
        boolean isLost = leadership.assume(role, faults.damage().isEmpty());
        if (isLost) {
            loseLeadership();
        }
        handover.look(role);
        advance();
        compaction.look();
    }

    /** Fails what waits for other replicas and wakes the watchers, because they have to ask the next leader. */
    void loseLeadership() {
        NotLeaderOrFollowerException lost =
                new NotLeaderOrFollowerException(directory + " is no longer led by this broker");
        pending.fail(lost);
        deletes.fail(lost);
        watchers.wakeAll();
    }

    void append(Append append) {
        reader.fence(append.currentLeaderEpoch());
        appends.append(append);
        wakeWatchers();
    }

    void awaitReplicas(AwaitReplicas append) {
        appends.awaitReplicas(append);
    }

    void appendMarker(AppendMarker marker) {
        appends.appendMarker(marker);
        wakeWatchers();
    }

    /** Appends the leader's batches. */
    void copy(ByteBuffer batches, CompletableFuture<AppendResult> reply) {
        appends.copy(batches, reply);
        wakeWatchers();
    }

    /** Replies, as to an append that ends at the log end offset, as soon as such a one is acknowledged. */
    void whenDurable(CompletableFuture<AppendResult> reply) {
        appends.whenDurable(reply);
        wakeWatchers();
    }

    void watch(Watch watch) {
        watchers.add(watch, reader.extent());
    }

    /** @param failure why the log could not be changed; null if it was */
    void maintained(@Nullable Throwable failure) {
        batching.endsAt(log.durableOffset(), log.logEndOffset());
        highWatermark.endsAt(batching.safeEnd());
        highWatermark.startsAt(log.logStartOffset());
        compaction.goOn();
        if (failure == null) {
            deletes.carriedOut(log.logStartOffset(), leadership.deletedEnd());
        }
        advance();
        if (!deletes.isEmpty()) {
            // A follower tells its log start offset only when it is read for.
            watchers.wakeAll();
        }
    }

    void flushTick() {
        flush.tick();
    }

    void flushed() {
        gate.worked();
        flush.ended();
        advance();
        compaction.look();
        flush.ifDue();
    }

    /** Applies progress of the durable offset or of other replicas. */
    private void advance() {
        highWatermark.ownEnd(batching.safeEnd());
        pending.reached(batching.durable(), highWatermark.value());
        if (!deletes.isEmpty()) {
            deletes.reached(leadership.deletedEnd());
        }
        wakeWatchers();
    }

    /** Fails every waiting request, because the log serves no more requests. */
    void fail(Throwable cause) {
        pending.fail(cause);
        deletes.fail(cause);
        compaction.fail(cause);
        watchers.wakeAll();
    }

    private void wakeWatchers() {
        if (!watchers.isEmpty()) {
            watchers.changed(reader.extent());
        }
    }
}
