package io.aeon.broker.partition;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.japi.function.Function;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.PartitionCommand.Compact;
import io.aeon.broker.partition.PartitionCommand.DeleteRecords;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.DescribeProducers;
import io.aeon.broker.partition.PartitionCommand.FindBatch;
import io.aeon.broker.partition.PartitionCommand.FindEpochEnd;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.PartitionEvent.ExpireProducers;
import io.aeon.broker.partition.PartitionEvent.FlushTick;
import io.aeon.broker.partition.PartitionEvent.Flushed;
import io.aeon.broker.partition.PartitionEvent.Housekeep;
import io.aeon.broker.partition.PartitionEvent.IdleCheck;
import io.aeon.broker.partition.PartitionEvent.Maintained;
import io.aeon.broker.partition.PartitionEvent.OpenFailed;
import io.aeon.broker.partition.PartitionEvent.Opened;
import io.aeon.broker.partition.PartitionEvent.Prepared;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.PartitionEvent.TryOpen;
import io.aeon.broker.partition.PartitionEvent.WriteAgain;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.OffsetOutOfRangeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one partition's log.
 *
 * <p>{@code opening} recovers the log on a blocking thread while requests wait in a bounded stash; after some failures it
 * is offline: requests fail, and it keeps trying now and then, so that a repaired disk needs no restart. {@code leading}
 * serves, {@code quarantined} only what lies before damage; a pass of compaction reads the log meanwhile. {@code
 * maintaining} serves reads while retention, DeleteRecords or the swap of a compacted segment has the log, and changes
 * wait. {@code ending} closes the log and stops; so does {@code retiring}, without a request being refused: none can come.
 * A log that failed at a change is closed and opened again, never used further.
 */
public final class PartitionActor {
    private static final Logger logger = LoggerFactory.getLogger(PartitionActor.class);
    private static final int STASH = 1000;

    private final PartitionDirectory directory;
    private final PartitionSetup setup;
    private final Executor blocking;
    private final ActorContext<PartitionCommand> context;
    private final TimerScheduler<PartitionCommand> timers;
    private final StashBuffer<PartitionCommand> stash;
    private final WriteGate gate;
    private final OpenTries tries;
    private final Replies replies;
    private final ClosingPartition closing;
    private final ActorRef<TopicsCommand> parent;
    private Configure configured;
    private @Nullable End end;

    private PartitionActor(
            PartitionSetup setup,
            Configure configured,
            OpenTries tries,
            ActorRef<TopicsCommand> parent,
            ActorContext<PartitionCommand> context,
            TimerScheduler<PartitionCommand> timers,
            StashBuffer<PartitionCommand> stash) {
        this.setup = setup;
        this.directory = setup.directory();
        this.blocking = setup.blocking();
        this.configured = configured;
        this.tries = tries;
        this.parent = parent;
        this.context = context;
        this.timers = timers;
        this.stash = stash;
        this.gate = new WriteGate(directory.partition(), setup.disk(), timers);
        this.replies = new Replies(context.getSystem().executionContext());
        this.closing = new ClosingPartition(directory, blocking, replies, context);
    }

    /** @param parent told each time the log is open, or could not be opened */
    public static Behavior<PartitionCommand> create(
            PartitionSetup setup, Configure configured, OpenTries tries, ActorRef<TopicsCommand> parent) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> Behaviors.withStash(
                STASH,
                stash -> new PartitionActor(setup, configured, tries, parent, context, timers, stash)
                        .open(CompletableFuture.completedFuture(null)))));
    }

    private Behavior<PartitionCommand> open(CompletableFuture<?> before) {
        LogConfig config = configured.config();
        context.pipeToSelf(
                before.thenApplyAsync(nothing -> directory.open(config), blocking),
                (log, failure) -> failure == null ? new Opened(log) : new OpenFailed(failure));
        return opening();
    }

    private Behavior<PartitionCommand> opening() {
        return BehaviorBuilder.<PartitionCommand>create()
                .onMessage(Opened.class, this::onOpened)
                .onMessage(OpenFailed.class, this::onOpenFailed)
                .onMessage(TryOpen.class, message -> open(CompletableFuture.completedFuture(null)))
                .onMessage(Configure.class, this::remember)
                .onMessage(End.class, this::onEndUnopened)
                .onMessage(Retire.class, this::goOn)
                .onMessage(PartitionEvent.class, message -> Behaviors.same())
                .onMessage(PartitionCommand.class, tries.offline() ? this::refuse : this::stash)
                .onSignal(PostStop.class, signal -> onStop(null))
                .build();
    }

    private Behavior<PartitionCommand> onOpened(Opened opened) {
        tries.succeeded();
        parent.tell(new TopicsCommand.Started(directory.partition(), context.getSelf()));
        LeadingPartition partition =
                new LeadingPartition(setup, opened.log(), configured.leaderEpoch(), gate, replies, context, timers);
        return resume(partition);
    }

    private Behavior<PartitionCommand> onOpenFailed(OpenFailed failed) {
        if (end != null) {
            return stash.unstashAll(closing.end(end));
        }
        timers.startSingleTimer(TryOpen.NOW, tries.failed());
        parent.tell(new TopicsCommand.Started(directory.partition(), context.getSelf()));
        logger.error("{} cannot be opened, try {}", directory, tries.count(), failed.cause());
        return tries.offline() ? stash.unstashAll(opening()) : opening();
    }

    private Behavior<PartitionCommand> onEndUnopened(End message) {
        boolean waitsForNextTry = timers.isTimerActive(TryOpen.NOW);
        timers.cancel(TryOpen.NOW);
        return waitsForNextTry ? stash.unstashAll(closing.end(message)) : endLater(message);
    }

    private Behavior<PartitionCommand> resume(LeadingPartition partition) {
        if (end != null) {
            return end(end, partition);
        }
        partition.configure(configured);
        return stash.unstashAll(partition.faults().damage().isPresent() ? quarantined(partition) : leading(partition));
    }

    private Behavior<PartitionCommand> follow(Configure message, LeadingPartition partition) {
        configured = message;
        return resume(partition);
    }

    private Behavior<PartitionCommand> leading(LeadingPartition partition) {
        BehaviorBuilder<PartitionCommand> changes = BehaviorBuilder.<PartitionCommand>create()
                .onMessage(Append.class, message -> onAppend(message, partition, partition::append))
                .onMessage(AppendMarker.class, message -> onAppend(message, partition, partition::appendMarker))
                .onMessage(
                        DeleteRecords.class, change(partition, partition::deleteRecords, () -> maintaining(partition)))
                .onMessage(
                        Housekeep.class,
                        change(partition, message -> partition.housekeep(), () -> maintaining(partition)))
                .onMessage(Compact.class, answer(partition, partition.compaction()::start))
                .onMessage(Prepared.class, message -> onPrepared(message, partition))
                .onMessage(Configure.class, message -> follow(message, partition))
                .onMessage(IdleCheck.class, answer(partition, partition::checkIdle))
                .onMessage(Retire.class, message -> onRetire(message, partition))
                .onMessage(End.class, message -> end(message, partition));
        return serving(changes, partition);
    }

    private <M extends PartitionCommand> Behavior<PartitionCommand> onAppend(
            M append, LeadingPartition partition, Consumer<M> action) throws Exception {
        CompletableFuture<Void> stall = gate.stall();
        if (stall != null) {
            return after(() -> partition.await(stall), append, partition);
        }
        if (!partition.claimed()) {
            return after(partition::claim, append, partition);
        }
        return change(partition, action, Behaviors::<PartitionCommand>same).apply(append);
    }

    /** Takes the command again when what {@code start} begins has ended. */
    private <M extends PartitionCommand> Behavior<PartitionCommand> after(
            Runnable start, M command, LeadingPartition partition) throws Exception {
        Consumer<M> action = message -> {
            start.run();
            stash(message);
        };
        return change(partition, action, () -> maintaining(partition)).apply(command);
    }

    private Behavior<PartitionCommand> maintaining(LeadingPartition partition) {
        BehaviorBuilder<PartitionCommand> changes = BehaviorBuilder.<PartitionCommand>create()
                .onMessage(Append.class, this::stash)
                .onMessage(AppendMarker.class, this::stash)
                .onMessage(DeleteRecords.class, this::stash)
                .onMessage(Compact.class, this::stash)
                .onMessage(Prepared.class, answer(partition, partition.compaction()::hold))
                .onMessage(Maintained.class, message -> onMaintained(message, partition))
                .onMessage(Configure.class, this::remember)
                .onMessage(End.class, this::endLater);
        return serving(changes, partition);
    }

    private Behavior<PartitionCommand> quarantined(LeadingPartition partition) {
        BehaviorBuilder<PartitionCommand> changes = BehaviorBuilder.<PartitionCommand>create()
                .onMessage(Append.class, answer(partition, partition.faults()::refuse))
                .onMessage(AppendMarker.class, answer(partition, partition.faults()::refuse))
                .onMessage(DeleteRecords.class, answer(partition, partition.faults()::refuse))
                .onMessage(Compact.class, answer(partition, partition.faults()::refuse))
                .onMessage(Configure.class, message -> follow(message, partition))
                .onMessage(End.class, message -> end(message, partition));
        return serving(changes, partition);
    }

    private Behavior<PartitionCommand> serving(BehaviorBuilder<PartitionCommand> changes, LeadingPartition partition) {
        return changes.onMessage(Read.class, answer(partition, partition.reader()::read))
                .onMessage(Flushed.class, message -> onFlushed(message, partition))
                .onMessage(Watch.class, answer(partition, partition::watch))
                .onMessage(WriteAgain.class, message -> Behaviors.same())
                .onMessage(FlushTick.class, change(partition, message -> partition.flushTick(), Behaviors::same))
                .onMessage(FindOffset.class, answer(partition, partition.reader()::findOffset))
                .onMessage(FindBatch.class, answer(partition, partition.reader()::findBatch))
                .onMessage(FindEpochEnd.class, answer(partition, partition.reader()::findEpochEnd))
                .onMessage(Describe.class, answer(partition, partition.reader()::describe))
                .onMessage(DescribeProducers.class, answer(partition, partition.reader()::describeProducers))
                .onMessage(ExpireProducers.class, answer(partition, partition::expireProducers))
                .onMessage(Retire.class, this::goOn)
                .onMessage(PartitionEvent.class, message -> Behaviors.same())
                .onSignal(PostStop.class, signal -> onStop(partition))
                .build();
    }

    private Behavior<PartitionCommand> onFlushed(Flushed flushed, LeadingPartition partition) throws Exception {
        if (flushed.log() != partition.log()) {
            return Behaviors.same();
        }
        return flushed.failure() != null
                ? reopen(partition, flushed.failure())
                : change(partition, partition::flushed, Behaviors::<PartitionCommand>same)
                        .apply(flushed);
    }

    private Behavior<PartitionCommand> onPrepared(Prepared prepared, LeadingPartition partition) {
        return prepared.log() == partition.log() && partition.swaps(prepared)
                ? maintaining(partition)
                : Behaviors.same();
    }

    private Behavior<PartitionCommand> onMaintained(Maintained maintained, LeadingPartition partition) {
        if (maintained.log() != partition.log()) {
            return Behaviors.same();
        }
        partition.maintained();
        return maintained.failure() != null ? reopen(partition, maintained.failure()) : resume(partition);
    }

    /** What goes wrong with a question is its answer. */
    private static <M extends PartitionCommand> Function<M, Behavior<PartitionCommand>> answer(
            LeadingPartition partition, Consumer<M> action) {
        return message -> {
            try {
                action.accept(message);
            } catch (RuntimeException e) {
                partition.faults().failed(message, e);
            }
            return Behaviors.same();
        };
    }

    /** What goes wrong with a change, other than by the client's fault, puts the log in doubt. */
    private <M extends PartitionCommand> Function<M, Behavior<PartitionCommand>> change(
            LeadingPartition partition, Consumer<M> action, Supplier<Behavior<PartitionCommand>> next) {
        return message -> {
            try {
                action.accept(message);
                return next.get();
            } catch (ApiException | OffsetOutOfRangeException e) {
                replies.fail(message, e);
                return Behaviors.same();
            } catch (RuntimeException e) {
                replies.fail(message, e);
                return reopen(partition, e);
            }
        };
    }

    private Behavior<PartitionCommand> reopen(LeadingPartition partition, Throwable cause) {
        gate.failed(cause);
        partition.fail(new StorageException(directory + " failed", cause));
        return open(partition.quiescent().thenRunAsync(() -> directory.close(partition.log()), blocking));
    }

    private Behavior<PartitionCommand> goOn(Retire message) {
        message.replyTo().tell(new TopicsCommand.StillBusy(directory.partition(), context.getSelf()));
        return Behaviors.same();
    }

    private Behavior<PartitionCommand> onRetire(Retire message, LeadingPartition partition) {
        return partition.isQuiet() ? closing.retire(message, partition) : goOn(message);
    }

    private Behavior<PartitionCommand> end(End message, LeadingPartition partition) {
        partition.fail(stopped());
        return stash.unstashAll(closing.end(message, partition));
    }

    private Behavior<PartitionCommand> onStop(@Nullable LeadingPartition partition) {
        stash.forEach(command -> replies.fail(command, stopped()));
        if (partition != null) {
            partition.fail(stopped());
            directory.close(partition.log());
        }
        return Behaviors.same();
    }

    private Behavior<PartitionCommand> remember(Configure message) {
        configured = message;
        return Behaviors.same();
    }

    private Behavior<PartitionCommand> endLater(End message) {
        end = message;
        return Behaviors.same();
    }

    private Behavior<PartitionCommand> stash(PartitionCommand command) {
        if (stash.isFull()) {
            return refuse(command);
        }
        stash.stash(command);
        return Behaviors.same();
    }

    private Behavior<PartitionCommand> refuse(PartitionCommand command) {
        replies.fail(command, tries.offline() ? new StorageException(directory + " is offline") : stopped());
        return Behaviors.same();
    }

    private ApiException stopped() {
        return ClosingPartition.refusal(directory);
    }
}
