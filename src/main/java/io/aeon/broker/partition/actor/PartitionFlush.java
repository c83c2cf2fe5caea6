package io.aeon.broker.partition.actor;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent.FlushTick;
import io.aeon.broker.partition.PartitionEvent.Flushed;
import io.aeon.storage.log.PartitionLog;
import java.util.concurrent.CompletableFuture;

/** Syncs one open log to the disk when its appends require it. Used only by the partition's actor. */
final class PartitionFlush {
    private static final String LATER = "flush";

    private final PartitionLog log;
    private final FsyncBatching batching;
    private final PendingAppends pending;
    private final PartitionSetup setup;
    private final ActorContext<PartitionCommand> context;
    private final TimerScheduler<PartitionCommand> timers;
    private CompletableFuture<?> running = CompletableFuture.completedFuture(null);

    PartitionFlush(
            PartitionLog log,
            FsyncBatching batching,
            PendingAppends pending,
            PartitionSetup setup,
            ActorContext<PartitionCommand> context,
            TimerScheduler<PartitionCommand> timers) {
        this.log = log;
        this.batching = batching;
        this.pending = pending;
        this.setup = setup;
        this.context = context;
        this.timers = timers;
    }

    /** Decides when a flush is due. */
    FsyncBatching batching() {
        return batching;
    }

    /** The appends that wait for a flush, or for other replicas after it. */
    PendingAppends pending() {
        return pending;
    }

    /** The flush that started last. */
    CompletableFuture<?> running() {
        return running;
    }

    /** Records that a flush has succeeded. */
    void ended() {
        batching.flushed(log.durableOffset(), pending.waitingForFsync());
    }

    /** Starts a flush at the end of the flush interval, if one is needed. */
    void tick() {
        if (batching.flushLater()) {
            start();
        }
    }

    /**
     * Starts a flush if one is due, or schedules one for the end of the flush interval. A flush ends with {@link
     * Flushed}.
     */
    void ifDue() {
        if (batching.flushDue(log.hasUnflushedRoll(), pending.waitingForFsync())) {
            start();
        } else if (batching.flushLater() && !timers.isTimerActive(LATER)) {
            timers.startSingleTimer(LATER, FlushTick.NOW, setup.flush().interval());
        }
    }

    private void start() {
        Gathering gathering = batching.flushStarted(pending.waitingForFsync());
        CompletableFuture<Long> work = CompletableFuture.supplyAsync(gathering.before(this::flush), setup.blocking());
        running = work;
        context.pipeToSelf(work, (durable, failure) -> new Flushed(log, failure));
    }

    private long flush() {
        long begun = System.nanoTime();
        long durable = log.flush();
        setup.counters().fsyncs().add(System.nanoTime() - begun);
        return durable;
    }
}
