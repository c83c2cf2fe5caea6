package io.aeon.broker.group;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.coordinator.ActiveCoordinators;
import io.aeon.broker.coordinator.ActiveCoordinators.Active;
import io.aeon.broker.coordinator.ActiveCoordinators.Listing;
import io.aeon.broker.coordinator.CoordinatorPartitions;
import io.aeon.broker.coordinator.Listers;
import io.aeon.broker.group.GroupCoordinator.Execute;
import io.aeon.broker.group.GroupsCommand.Deliver;
import io.aeon.broker.group.GroupsCommand.EndTransaction;
import io.aeon.broker.group.GroupsCommand.Ended;
import io.aeon.broker.group.GroupsCommand.HandedOver;
import io.aeon.broker.group.GroupsCommand.ImageChanged;
import io.aeon.broker.group.GroupsCommand.ListAll;
import io.aeon.broker.group.GroupsCommand.Loaded;
import io.aeon.broker.group.GroupsCommand.MarkerAppended;
import io.aeon.broker.group.GroupsCommand.ReplayAgain;
import io.aeon.broker.group.GroupsCommand.Replayed;
import io.aeon.broker.group.GroupsCommand.Tick;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.group.ClassicGroup;
import io.aeon.coordinator.group.GroupCommand;
import io.aeon.coordinator.group.GroupCommand.ExpireOffsets;
import io.aeon.coordinator.group.GroupCommand.ForgetTopics;
import io.aeon.coordinator.group.GroupListing;
import io.aeon.coordinator.group.GroupLog;
import io.aeon.coordinator.group.GroupState;
import io.aeon.metadata.ClusterImage.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Starts each group's coordinator at its first use, from what the partition of the offsets topic tells that keeps its
 * records; a partition is replayed as soon as the metadata show that this broker leads it.
 */
public final class Groups {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final GroupsSetup setup;
    private final ActiveCoordinators<GroupCoordinator.Command, GroupListing> coordinators;
    private final ActorContext<GroupsCommand> context;
    private final TimerScheduler<GroupsCommand> timers;
    private final CoordinatorPartitions<OffsetsPartition> partitions;
    private final Listers<GroupListing> listers = new Listers<>();
    private final TransactionEnds transactionEnds;

    private Groups(
            GroupsSetup setup,
            ActiveCoordinators<GroupCoordinator.Command, GroupListing> coordinators,
            ActorContext<GroupsCommand> context,
            TimerScheduler<GroupsCommand> timers) {
        this.setup = setup;
        this.coordinators = coordinators;
        this.context = context;
        this.timers = timers;
        this.partitions = new CoordinatorPartitions<>(
                setup.metadata().nodeId(),
                index -> new OffsetsPartition(new OffsetsLog(setup, index, new PendingGroups())),
                this::load);
        this.transactionEnds = new TransactionEnds(partitions, context, this::onDeliver);
    }

    /** @param coordinators kept up to date with the actors that run */
    public static Behavior<GroupsCommand> create(GroupsSetup setup, GroupCoordinators coordinators) {
        Behavior<GroupsCommand> groups = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            coordinators.active().clear();
            timers.startTimerWithFixedDelay(Tick.EXPIRE, setup.expiryCheck());
            Groups started = new Groups(setup, coordinators.active(), context, timers);
            started.followImage();
            return started.running();
        }));
        return Behaviors.supervise(groups).onFailure(SupervisorStrategy.restart());
    }

    private Behavior<GroupsCommand> running() {
        return BehaviorBuilder.<GroupsCommand>create()
                .onMessage(Deliver.class, this::onDeliver)
                .onMessage(ListAll.class, this::onListAll)
                .onMessage(HandedOver.class, this::onHandedOver)
                .onMessage(ImageChanged.class, this::onImageChanged)
                .onMessage(Tick.class, this::onTick)
                .onMessage(Loaded.class, this::onLoaded)
                .onMessage(Replayed.class, this::onReplayed)
                .onMessage(ReplayAgain.class, again -> replay(again.partition(), again.groupId()))
                .onMessage(Ended.class, this::onEnded)
                .onMessage(EndTransaction.class, this::onEndTransaction)
                .onMessage(MarkerAppended.class, this::onMarkerAppended)
                .onSignal(PreRestart.class, signal -> onStop())
                .onSignal(PostStop.class, signal -> onStop())
                .build();
    }

    private Behavior<GroupsCommand> onDeliver(Deliver command) {
        Active<GroupCoordinator.Command, GroupListing> active = coordinators.get(command.groupId());
        if (active != null) {
            active.actor().tell(new Execute(command.command()));
            return Behaviors.same();
        }
        OffsetsPartition partition = partitionOf(command.groupId());
        if (partition == null) {
            command.refuse(Errors.NOT_COORDINATOR);
        } else if (!partition.holds(command)) {
            deliver(partition, command);
        }
        return Behaviors.same();
    }

    private @Nullable OffsetsPartition partitionOf(String groupId) {
        return partitions.at(count -> GroupLog.partitionFor(groupId, count));
    }

    private void deliver(OffsetsPartition partition, Deliver command) {
        ClassicGroup group = partition.take(command.groupId());
        if (group != null) {
            start(partition, group, command.command());
            return;
        }
        ClassicGroup absent = setup.absent(command.groupId());
        if (command.command() instanceof GroupCommand.Request<?> request && request.createsGroup()) {
            start(partition, absent, command.command());
        } else {
            absent.step(command.command(), setup.clock().get()).replies().forEach(Reply::send);
        }
    }

    /** Tells the coordinator its first command before anybody else can find it. */
    private void start(OffsetsPartition partition, ClassicGroup group, @Nullable GroupCommand first) {
        String groupId = group.groupId();
        Listing<GroupListing> listing = new Listing<>(group.listing());
        ActorRef<GroupCoordinator.Command> actor =
                context.spawnAnonymous(GroupCoordinator.create(group, partition.log(), context.getSelf(), listing));
        context.watchWith(actor, new Ended(partition, groupId, actor));
        if (first != null) {
            actor.tell(new Execute(first));
        }
        coordinators.started(new Active<>(groupId, actor, listing));
    }

    private Behavior<GroupsCommand> onHandedOver(HandedOver message) {
        ClassicGroup group = message.group();
        OffsetsPartition partition = partitionOf(group.groupId());
        if (coordinators.stopped(group.groupId(), message.actor()) && partition != null && !group.isVacant()) {
            partition.park(group.groupId(), group);
        }
        message.actor().tell(GroupCoordinator.Stop.NOW);
        return Behaviors.same();
    }

    private Behavior<GroupsCommand> onEnded(Ended message) {
        if (!coordinators.stopped(message.groupId(), message.actor())) {
            return Behaviors.same();
        }
        context.getLog().error("the coordinator of group {} failed, replaying the group", message.groupId());
        return replay(message.partition(), message.groupId());
    }

    private Behavior<GroupsCommand> replay(OffsetsPartition partition, String groupId) {
        partition.replaying(groupId);
        context.pipeToSelf(
                partition.log().replay(groupId::equals),
                (groups, failure) -> new Replayed(partition, groupId, groups, failure));
        return Behaviors.same();
    }

    private Behavior<GroupsCommand> onReplayed(Replayed message) {
        OffsetsPartition partition = message.partition();
        List<Deliver> waiting = partition.replayed(message.groupId());
        if (message.groups() == null) {
            context.getLog()
                    .error("group {} cannot be replayed: {}", message.groupId(), String.valueOf(message.failure()));
            waiting.forEach(command -> command.refuse(Errors.COORDINATOR_NOT_AVAILABLE));
            partition.replaying(message.groupId());
            timers.startSingleTimer(new ReplayAgain(partition, message.groupId()), RETRY);
        } else {
            takeIn(partition, message.groups());
            waiting.forEach(this::onDeliver);
        }
        return Behaviors.same();
    }

    private void load(OffsetsPartition partition) {
        context.pipeToSelf(
                partition.log().replay(groupId -> true), (groups, failure) -> new Loaded(partition, groups, failure));
    }

    private Behavior<GroupsCommand> onLoaded(Loaded message) {
        OffsetsPartition partition = message.partition();
        if (!partitions.contains(partition)) {
            return Behaviors.same();
        }
        if (message.groups() == null) {
            String reason = String.valueOf(message.failure());
            if (partitions.failed(partition, reason)) {
                context.getLog().error("the groups of {} cannot be loaded: {}", partition, reason);
            }
        } else {
            partitions.loaded(partition);
            List<Deliver> waiting = partition.loaded();
            takeIn(partition, message.groups());
            waiting.forEach(this::onDeliver);
        }
        answerListers();
        return Behaviors.same();
    }

    /** A group with members starts at once: their sessions run. */
    private void takeIn(OffsetsPartition partition, Map<String, ClassicGroup> groups) {
        for (ClassicGroup group : groups.values()) {
            group.pendingProducers()
                    .forEach(producerId -> partition.log().pending().add(producerId, group.groupId()));
            if (group.isIdle() && !group.hasDeletedTopics()) {
                partition.park(group.groupId(), group);
            } else {
                start(partition, group, null);
            }
        }
    }

    private Behavior<GroupsCommand> onImageChanged(ImageChanged changed) {
        followImage();
        Set<String> deleted =
                changed.change().deleted().stream().map(Topic::name).collect(Collectors.toSet());
        if (!deleted.isEmpty()) {
            tellAll(new ForgetTopics(deleted), group -> group.refersTo(deleted));
        }
        return Behaviors.same();
    }

    private void followImage() {
        boolean gone =
                partitions.follow(setup.metadata().image().topic(GroupLog.TOPIC).orElse(null));
        if (gone) {
            var actives = coordinators.all().toList();
            coordinators.clear();
            actives.forEach(active -> active.actor().tell(GroupCoordinator.Stop.NOW));
        }
    }

    private Behavior<GroupsCommand> onTick(Tick tick) {
        Now now = setup.clock().get();
        tellAll(new ExpireOffsets(), group -> group.hasExpired(now));
        return Behaviors.same();
    }

    /** Tells all groups that run, and starts those of the others whom it {@code concerns}. */
    private void tellAll(GroupCommand command, Predicate<ClassicGroup> concerns) {
        coordinators.all().forEach(active -> active.actor().tell(new Execute(command)));
        for (OffsetsPartition partition : partitions.all()) {
            for (ClassicGroup group : partition.takeAll(concerns)) {
                start(partition, group, command);
            }
        }
    }

    private Behavior<GroupsCommand> onListAll(ListAll request) {
        listers.add(request.reply());
        answerListers();
        return Behaviors.same();
    }

    private void answerListers() {
        if (partitions.settled()) {
            listers.answer(Stream.concat(
                            coordinators.all().map(Active::listing),
                            partitions.all().stream().flatMap(OffsetsPartition::listings))
                    .filter(listing -> listing.state() != GroupState.DEAD));
        }
    }

    private Behavior<GroupsCommand> onEndTransaction(EndTransaction end) {
        transactionEnds.begin(end);
        return Behaviors.same();
    }

    private Behavior<GroupsCommand> onMarkerAppended(MarkerAppended message) {
        transactionEnds.appended(message);
        return Behaviors.same();
    }

    private Behavior<GroupsCommand> onStop() {
        transactionEnds.close();
        partitions.close();
        listers.fail();
        return Behaviors.same();
    }
}
