package io.aeon.broker.partition.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.PartitionEvent.OpenFailed;
import io.aeon.broker.partition.PartitionEvent.Opened;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.PartitionEvent.Steady;
import io.aeon.broker.partition.PartitionEvent.TryOpen;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.replication.Resends;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.PartitionLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actor that owns one partition's log.
 *
 * <p>In {@code opening} a blocking thread recovers the log while requests wait in a bounded stash. After five failures
 * the partition is offline: requests fail, and the actor retries every 10 seconds, so that a repaired disk needs no
 * restart. With the log open the actor is in one of {@link ServingStates}. In {@code ending} it closes the log and
 * stops; in {@code retiring} too, but without failing a request, because none can arrive.
 *
 * <p>After a failed change the log is closed and opened again; it is never used further. The same holds after an
 * unexpected exception, but then after a pause that grows with each failure.
 */
public final class PartitionActor {
    private static final Logger logger = LoggerFactory.getLogger(PartitionActor.class);
    private static final int STASH = 1000;
    private static final Duration UNTIL_STEADY = Duration.ofMinutes(1);

    private final PartitionDirectory directory;
    private final PartitionSetup setup;
    private final Executor blocking;
    private final ActorContext<PartitionCommand> context;
    private final TimerScheduler<PartitionCommand> timers;
    private final StashedCommands stashed;
    private final Retirement retirement;
    private final WriteGate gate;
    private final OpenTries tries;
    private final Replies replies;
    private final ClosingPartition closing;
    private final LeaderTerm term;
    private final ActorRef<TopicsCommand> parent;
    private Configure configured;
    private final AtomicLong highWatermark;
    private @Nullable OpenPartition open;
    private CompletableFuture<Void> closed = CompletableFuture.completedFuture(null);
    private @Nullable CompletableFuture<PartitionLog> opening;
    private boolean isLeaving;
    private @Nullable End end;

    private PartitionActor(
            PartitionSetup setup,
            Configure configured,
            AtomicLong highWatermark,
            Resends resends,
            OpenTries tries,
            ActorRef<TopicsCommand> parent,
            ActorContext<PartitionCommand> context,
            TimerScheduler<PartitionCommand> timers,
            StashBuffer<PartitionCommand> stash) {
        this.setup = setup;
        this.directory = setup.directory();
        this.blocking = setup.blocking();
        this.configured = configured;
        this.highWatermark = highWatermark;
        this.tries = tries;
        this.parent = parent;
        this.context = context;
        this.timers = timers;
        this.gate = new WriteGate(directory.partition(), setup.disk(), timers);
        this.replies = new Replies(context.getSystem().executionContext());
        this.closing = new ClosingPartition(directory, replies, context);
        this.term = new LeaderTerm(directory, setup.replication(), resends, context);
        this.stashed = new StashedCommands(directory, stash, tries, term, replies);
        this.retirement = new Retirement(directory, replies, context);
    }

    /**
     * @param highWatermark the last known high watermark; updated with the partition's
     * @param resends what producers were about to send again when the partition was open before; updated
     * @param parent notified each time the log was opened or failed to open
     */
    public static Behavior<PartitionCommand> create(
            PartitionSetup setup,
            Configure configured,
            AtomicLong highWatermark,
            Resends resends,
            OpenTries tries,
            ActorRef<TopicsCommand> parent) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> Behaviors.withStash(STASH, stash -> {
            PartitionActor actor = new PartitionActor(
                    setup, configured, highWatermark, resends, tries, parent, context, timers, stash);
            return actor.open();
        })));
    }

    /** Opens the log once the previous one is closed. */
    private Behavior<PartitionCommand> open() {
        CompletableFuture<PartitionLog> work = new LogOpening(setup).open(configured, closed);
        opening = work;
        context.pipeToSelf(work, (log, failure) -> failure == null ? new Opened(log) : new OpenFailed(failure));
        return opening();
    }

    private Behavior<PartitionCommand> opening() {
        Behavior<PartitionCommand> state = BehaviorBuilder.<PartitionCommand>create()
                .onMessage(Opened.class, this::onOpened)
                .onMessage(OpenFailed.class, this::onOpenFailed)
                .onMessage(TryOpen.class, message -> opening == null ? open() : Behaviors.same())
                .onMessage(Configure.class, this::remember)
                .onMessage(End.class, this::onEndUnopened)
                .onMessage(Retire.class, retirement::refuse)
                .onMessage(PartitionEvent.class, message -> Behaviors.same())
                .onMessage(PartitionCommand.class, tries.offline() ? stashed::refuse : stashed::add)
                .onSignal(PostStop.class, signal -> stopUnopened())
                .build();
        return new FaultBarrier(state, this::crashed);
    }

    private Behavior<PartitionCommand> onOpened(Opened opened) {
        opening = null;
        OpenPartition partition =
                new OpenPartition(setup, opened.log(), highWatermark, configured, term, gate, replies, context, timers);
        open = partition;
        if (tries.opened()) {
            timers.startSingleTimer(Steady.NOW, UNTIL_STEADY);
        }
        parent.tell(new TopicsCommand.Started(
                directory.partition(),
                context.getSelf(),
                partition.faults().damage().isPresent()));
        term.reopened(configured.role());
        return resume(partition);
    }

    private Behavior<PartitionCommand> onOpenFailed(OpenFailed failed) {
        opening = null;
        setup.disk().health().suspect();
        Duration backoff = tries.failed();
        logger.error(
                "The log of {} cannot be opened (try {}) and is tried again", directory, tries.count(), failed.cause());
        return tryLater(backoff);
    }

    private Behavior<PartitionCommand> tryLater(Duration backoff) {
        if (end != null) {
            return endUnopened(end);
        }
        timers.startSingleTimer(TryOpen.NOW, backoff);
        parent.tell(new TopicsCommand.Started(directory.partition(), context.getSelf(), false));
        return tries.offline() ? stashed.unstashAll(opening()) : opening();
    }

    private Behavior<PartitionCommand> onEndUnopened(End message) {
        timers.cancel(TryOpen.NOW);
        return opening == null ? endUnopened(message) : endLater(message);
    }

    private Behavior<PartitionCommand> endUnopened(End message) {
        isLeaving = true;
        return stashed.unstashAll(new FaultBarrier(closing.endUnopened(message, closed), this::crashed));
    }

    /** Continues with the most recent settings and role. */
    Behavior<PartitionCommand> resume(OpenPartition partition) {
        if (end != null) {
            return end(end, partition);
        }
        partition.configure(configured);
        return stashed.unstashAll(new ServingStates(this, partition, gate, replies).resting());
    }

    /** Closes and reopens the log, whose state is uncertain after a failed change. */
    Behavior<PartitionCommand> reopen(OpenPartition partition, Throwable cause) {
        gate.failed(cause);
        return openAgain(partition, cause);
    }

    /** Closes the log and opens it for the present role. */
    Behavior<PartitionCommand> openAgain(OpenPartition partition, Throwable cause) {
        close(partition, cause);
        return open();
    }

    private void close(OpenPartition partition, Throwable cause) {
        open = null;
        term.resends().expect();
        retirement.askAgain();
        partition.fail(new StorageException(directory + " failed", cause));
        closed = closeWhenQuiescent(partition);
    }

    private CompletableFuture<Void> closeWhenQuiescent(OpenPartition partition) {
        return partition.quiescent().thenRunAsync(() -> directory.close(partition.log()), blocking);
    }

    /** Handles an unexpected exception of a state: the log is closed and opened again after a pause. */
    Behavior<PartitionCommand> crashed(PartitionCommand command, Exception cause) {
        logger.error(
                "{} failed while handling {}; its log is reopened",
                directory,
                command.getClass().getSimpleName(),
                cause);
        if (isLeaving) {
            replies.fail(command, stopped());
            return Behaviors.stopped();
        }
        if (open != null) {
            close(open, cause);
        } else if (command instanceof Opened opened) {
            closed = CompletableFuture.runAsync(() -> directory.close(opened.log()), blocking);
            return tryLater(tries.crashed());
        }
        replies.fail(command, new UnknownServerException(directory + " failed", cause));
        return opening == null ? tryLater(tries.crashed()) : Behaviors.same();
    }

    StashedCommands stashed() {
        return stashed;
    }

    Retirement retirement() {
        return retirement;
    }

    Behavior<PartitionCommand> steady() {
        tries.steady();
        return Behaviors.same();
    }

    Behavior<PartitionCommand> retire(Retire message, OpenPartition partition) {
        if (!retirement.mayBegin(message, partition)) {
            return Behaviors.same();
        }
        isLeaving = true;
        return new FaultBarrier(closing.retire(message, partition), this::crashed);
    }

    Behavior<PartitionCommand> end(End message, OpenPartition partition) {
        isLeaving = true;
        partition.fail(stopped());
        return stashed.unstashAll(new FaultBarrier(closing.end(message, partition), this::crashed));
    }

    /** Handles the stop of the actor without an {@link End}. */
    Behavior<PartitionCommand> stop(OpenPartition partition) {
        partition.fail(stopped());
        var unused = closeWhenQuiescent(partition);
        return stashed.failAll();
    }

    /** Handles the stop of the actor before its log is open; no actor will receive a log that is being opened. */
    private Behavior<PartitionCommand> stopUnopened() {
        if (opening != null) {
            var unused = opening.thenAcceptAsync(directory::close, blocking);
        }
        return stashed.failAll();
    }

    Behavior<PartitionCommand> remember(Configure message) {
        configured = message;
        return Behaviors.same();
    }

    Behavior<PartitionCommand> endLater(End message) {
        end = message;
        return Behaviors.same();
    }

    private ApiException stopped() {
        return ClosingPartition.refusal(directory);
    }
}
