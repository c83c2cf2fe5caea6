package io.aeon.broker.partition.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AppendAsFollower;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.PartitionCommand.AwaitReplicas;
import io.aeon.broker.partition.PartitionCommand.Compact;
import io.aeon.broker.partition.PartitionCommand.DeleteRecords;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.DescribeProducers;
import io.aeon.broker.partition.PartitionCommand.FindBatch;
import io.aeon.broker.partition.PartitionCommand.FindEpochEnd;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.FindPosition;
import io.aeon.broker.partition.PartitionCommand.FollowerRead;
import io.aeon.broker.partition.PartitionCommand.NearbyRead;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Truncate;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent;
import io.aeon.broker.partition.PartitionEvent.CheckInSync;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.PartitionEvent.ExpireProducers;
import io.aeon.broker.partition.PartitionEvent.FlushTick;
import io.aeon.broker.partition.PartitionEvent.Flushed;
import io.aeon.broker.partition.PartitionEvent.Housekeep;
import io.aeon.broker.partition.PartitionEvent.IdleCheck;
import io.aeon.broker.partition.PartitionEvent.IsrAnswered;
import io.aeon.broker.partition.PartitionEvent.Maintained;
import io.aeon.broker.partition.PartitionEvent.Prepared;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.PartitionEvent.Steady;
import io.aeon.broker.partition.PartitionEvent.WriteAgain;
import io.aeon.broker.partition.Role;
import io.aeon.storage.batch.DamagedLogException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The states of a partition whose log is open.
 *
 * <p>{@code leading} accepts writes; {@code following} accepts only the records of its leader; {@code quarantined}
 * serves consumers only the records before damage, and followers nothing. During an exclusive change of the log ({@code
 * maintaining}: retention, DeleteRecords or the swap of a compacted segment; {@code truncating}: a follower's
 * truncation) reads are served and other changes wait. The rest of a compaction pass reads the log in parallel to all
 * states.
 */
final class ServingStates {
    private final PartitionActor actor;
    private final OpenPartition partition;
    private final WriteGate gate;
    private final CommandHandlers handlers;

    ServingStates(PartitionActor actor, OpenPartition partition, WriteGate gate, Replies replies) {
        this.actor = actor;
        this.partition = partition;
        this.gate = gate;
        this.handlers = new CommandHandlers(actor, partition, replies);
    }

    /** The state for the partition's log and role. */
    Behavior<PartitionCommand> resting() {
        if (partition.faults().damage().isPresent()
                || partition.handover().isDue(partition.leadership().role())) {
            return quarantined();
        }
        return partition.leadership().isHere() ? leading() : following();
    }

    private Behavior<PartitionCommand> leading() {
        return serving(changing()
                .onMessage(Append.class, message -> onWrite(message, partition::append, Behaviors::same))
                .onMessage(AppendMarker.class, message -> onWrite(message, partition::appendMarker, Behaviors::same))
                .onMessage(AwaitReplicas.class, handlers.answer(partition::awaitReplicas))
                .onMessage(
                        DeleteRecords.class, handlers.change(partition.maintenance()::deleteRecords, this::maintaining))
                .onMessage(FindPosition.class, handlers::refuseAsLeader)
                .onMessage(AppendAsFollower.class, handlers::refuseAsLeader)
                .onMessage(Truncate.class, handlers::refuseAsLeader));
    }

    private Behavior<PartitionCommand> following() {
        return serving(changing()
                .onMessage(Append.class, handlers::refuseAsFollower)
                .onMessage(AppendMarker.class, handlers::refuseAsFollower)
                .onMessage(AwaitReplicas.class, handlers::refuseAsFollower)
                .onMessage(DeleteRecords.class, handlers::refuseAsFollower)
                .onMessage(FindPosition.class, handlers.change(partition.following()::find, Behaviors::same))
                .onMessage(
                        AppendAsFollower.class,
                        message -> onWrite(message, partition.following()::append, Behaviors::same))
                .onMessage(
                        Truncate.class,
                        message -> onWrite(message, partition.following()::truncate, this::truncating)));
    }

    /** The handlers of a log that no thread changes. */
    private BehaviorBuilder<PartitionCommand> changing() {
        return BehaviorBuilder.<PartitionCommand>create()
                .onMessage(
                        Housekeep.class,
                        handlers.change(message -> partition.maintenance().housekeep(), this::maintaining))
                .onMessage(Compact.class, this::onCompact)
                .onMessage(Prepared.class, this::onPrepared)
                .onMessage(Configure.class, this::onConfigure)
                .onMessage(IdleCheck.class, handlers.answer(partition::checkIdle))
                .onMessage(Retire.class, message -> actor.retire(message, partition))
                .onMessage(End.class, message -> actor.end(message, partition));
    }

    private Behavior<PartitionCommand> maintaining() {
        return serving(changed());
    }

    private Behavior<PartitionCommand> truncating() {
        return serving(changed());
    }

    /** The handlers of a log that another thread changes. */
    private BehaviorBuilder<PartitionCommand> changed() {
        return BehaviorBuilder.<PartitionCommand>create()
                .onMessage(Append.class, actor.stashed()::add)
                .onMessage(AppendMarker.class, actor.stashed()::add)
                .onMessage(AwaitReplicas.class, actor.stashed()::add)
                .onMessage(FindPosition.class, actor.stashed()::add)
                .onMessage(AppendAsFollower.class, actor.stashed()::add)
                .onMessage(Truncate.class, actor.stashed()::add)
                .onMessage(DeleteRecords.class, actor.stashed()::add)
                .onMessage(Compact.class, actor.stashed()::add)
                .onMessage(Prepared.class, handlers.answer(partition.compaction()::hold))
                .onMessage(Maintained.class, this::onMaintained)
                .onMessage(Configure.class, this::onConfigureLater)
                .onMessage(Retire.class, actor.retirement()::delay)
                .onMessage(End.class, actor::endLater);
    }

    private Behavior<PartitionCommand> quarantined() {
        Consumer<PartitionCommand> refuse = partition.faults()::refuse;
        return serving(BehaviorBuilder.<PartitionCommand>create()
                .onMessage(Append.class, handlers.answer(refuse::accept))
                .onMessage(AppendMarker.class, handlers.answer(refuse::accept))
                .onMessage(AwaitReplicas.class, handlers.answer(refuse::accept))
                .onMessage(
                        FindPosition.class,
                        partition.leadership().isHere() ? handlers.answer(refuse::accept) : this::copyAgain)
                .onMessage(AppendAsFollower.class, handlers.answer(refuse::accept))
                .onMessage(Truncate.class, handlers.answer(refuse::accept))
                .onMessage(DeleteRecords.class, handlers.answer(refuse::accept))
                .onMessage(Compact.class, handlers.answer(refuse::accept))
                .onMessage(FollowerRead.class, handlers.answer(refuse::accept))
                .onMessage(
                        CheckInSync.class,
                        handlers.answer(message ->
                                partition.handover().look(partition.leadership().role())))
                .onMessage(Configure.class, this::onConfigure)
                .onMessage(Retire.class, actor.retirement()::refuse)
                .onMessage(End.class, message -> actor.end(message, partition)));
    }

    /**
     * A partition that led when its log was opened follows now: a damaged log is replaced by a copy of the leader's.
     */
    private Behavior<PartitionCommand> copyAgain(FindPosition find) {
        actor.stashed().add(find);
        return actor.openAgain(
                partition, new DamagedLogException(partition.faults().damage().orElseThrow()));
    }

    private Behavior<PartitionCommand> serving(BehaviorBuilder<PartitionCommand> changes) {
        Behavior<PartitionCommand> state = changes.onMessage(Read.class, handlers.answer(partition.reader()::read))
                .onMessage(FollowerRead.class, handlers.answer(partition.followers()::read))
                .onMessage(NearbyRead.class, handlers.answer(partition.followers()::readNearby))
                .onMessage(CheckInSync.class, handlers.answer(partition.followers()::check))
                .onMessage(IsrAnswered.class, handlers.answer(partition.followers()::answered))
                .onMessage(Flushed.class, this::onFlushed)
                .onMessage(Watch.class, handlers.answer(partition::watch))
                .onMessage(WriteAgain.class, message -> Behaviors.same())
                .onMessage(Steady.class, message -> actor.steady())
                .onMessage(FlushTick.class, handlers.change(message -> partition.flushTick(), Behaviors::same))
                .onMessage(FindOffset.class, handlers.answer(partition.reader().offsets()::findOffset))
                .onMessage(FindBatch.class, handlers.answer(partition.reader().offsets()::findBatch))
                .onMessage(
                        FindEpochEnd.class, handlers.answer(partition.reader().offsets()::findEpochEnd))
                .onMessage(Describe.class, handlers.answer(partition.reader()::describe))
                .onMessage(DescribeProducers.class, handlers.answer(partition.reader()::describeProducers))
                .onMessage(ExpireProducers.class, handlers.answer(partition.maintenance()::expireProducers))
                .onMessage(PartitionEvent.class, message -> Behaviors.same())
                .onMessage(PartitionCommand.class, actor.stashed()::unknown)
                .onSignal(PostStop.class, signal -> actor.stop(partition))
                .build();
        return new FaultBarrier(state, actor::crashed);
    }

    private <M extends PartitionCommand> Behavior<PartitionCommand> onWrite(
            M write, Consumer<M> action, Supplier<Behavior<PartitionCommand>> next) throws Exception {
        CompletableFuture<Void> stall = gate.stall();
        if (stall != null) {
            return after(() -> partition.maintenance().await(stall), write);
        }
        if (!partition.maintenance().claimed()) {
            return after(partition.maintenance()::claim, write);
        }
        return handlers.change(action, next).apply(write);
    }

    /** Handles {@code command} after the work that {@code start} begins has ended. */
    private <M extends PartitionCommand> Behavior<PartitionCommand> after(Runnable start, M command) throws Exception {
        Consumer<M> action = message -> {
            start.run();
            actor.stashed().add(message);
        };
        return handlers.change(action, this::maintaining).apply(command);
    }

    /** Only what is not in the active segment can be compacted. */
    private Behavior<PartitionCommand> onCompact(Compact compact) throws Exception {
        return compact.always() && partition.maintenance().mayRoll()
                ? after(partition.maintenance()::roll, compact)
                : handlers.answer(partition.compaction()::start).apply(compact);
    }

    private Behavior<PartitionCommand> onConfigure(Configure message) {
        actor.remember(message);
        return actor.resume(partition);
    }

    private Behavior<PartitionCommand> onConfigureLater(Configure message) {
        if (partition.leadership().isHere() && !(message.role() instanceof Role.Lead)) {
            partition.loseLeadership();
        }
        return actor.remember(message);
    }

    private Behavior<PartitionCommand> onFlushed(Flushed flushed) throws Exception {
        if (flushed.log() != partition.log()) {
            return Behaviors.same();
        }
        if (flushed.failure() != null) {
            return actor.reopen(partition, flushed.failure());
        }
        actor.retirement().askAgain();
        return handlers.change(message -> partition.flushed(), Behaviors::<PartitionCommand>same)
                .apply(flushed);
    }

    private Behavior<PartitionCommand> onPrepared(Prepared prepared) {
        return prepared.log() == partition.log() && partition.maintenance().swaps(prepared)
                ? maintaining()
                : Behaviors.same();
    }

    private Behavior<PartitionCommand> onMaintained(Maintained maintained) {
        if (maintained.log() != partition.log()) {
            return Behaviors.same();
        }
        partition.maintained(maintained.failure());
        actor.retirement().askAgain();
        return maintained.failure() != null ? actor.reopen(partition, maintained.failure()) : actor.resume(partition);
    }
}
