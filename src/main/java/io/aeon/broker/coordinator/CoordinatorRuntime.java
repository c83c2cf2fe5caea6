package io.aeon.broker.coordinator;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.Signal;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.coordinator.ActiveCoordinators.Active;
import io.aeon.broker.coordinator.CoordinatorsCommand.Broadcast;
import io.aeon.broker.coordinator.CoordinatorsCommand.ClockMoved;
import io.aeon.broker.coordinator.CoordinatorsCommand.Deliver;
import io.aeon.broker.coordinator.CoordinatorsCommand.Ended;
import io.aeon.broker.coordinator.CoordinatorsCommand.HandedOver;
import io.aeon.broker.coordinator.CoordinatorsCommand.ImageChanged;
import io.aeon.broker.coordinator.CoordinatorsCommand.ListAll;
import io.aeon.broker.coordinator.CoordinatorsCommand.ListOverdue;
import io.aeon.broker.coordinator.CoordinatorsCommand.Load;
import io.aeon.broker.coordinator.CoordinatorsCommand.Loaded;
import io.aeon.broker.coordinator.CoordinatorsCommand.LookForSnapshots;
import io.aeon.broker.coordinator.CoordinatorsCommand.OnPartition;
import io.aeon.broker.coordinator.CoordinatorsCommand.Replay;
import io.aeon.broker.coordinator.CoordinatorsCommand.Replayed;
import io.aeon.broker.coordinator.CoordinatorsCommand.SnapshotEnded;
import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.StateMachine;
import io.aeon.coordinator.StoredRecords;
import io.aeon.logging.Printable;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;

/**
 * Runs the coordinators of one kind. A partition of their topic is replayed as soon as the metadata show that this
 * broker leads it. State machines that have work to do get an actor then; others get one at their first command. When
 * another broker leads the partition, its coordinators stop and waiting requests fail with NOT_COORDINATOR.
 *
 * <p>A fault in one state machine, with or without an actor, affects only that one: it is replayed, with growing
 * pauses.
 */
public final class CoordinatorRuntime<C, E extends Effects, L> {
    private final CoordinatorKind<C, E, L> kind;
    private final Metadata metadata;
    private final Supplier<Now> clock;
    private final ActiveCoordinators<C, L> coordinators;
    private final ActorContext<CoordinatorsCommand<C, E, L>> context;
    private final CoordinatorPartitions<C, E, L> partitions;
    private final Replays<C, E, L> replays;
    private final Activation<C, E, L> activation;
    private final SnapshotSchedule<C, E, L> snapshots;
    private final Listers<C, E, L> listers;

    private CoordinatorRuntime(
            CoordinatorKind<C, E, L> kind,
            Metadata metadata,
            Supplier<Now> clock,
            ActiveCoordinators<C, L> coordinators,
            ActorContext<CoordinatorsCommand<C, E, L>> context,
            TimerScheduler<CoordinatorsCommand<C, E, L>> timers) {
        this.kind = kind;
        this.metadata = metadata;
        this.clock = clock;
        this.coordinators = coordinators;
        this.context = context;
        this.partitions = new CoordinatorPartitions<>(
                metadata.nodeId(),
                (topic, partition) -> new CoordinatorPartition<>(kind, topic.id(), partition, clock.get()));
        this.replays = new Replays<>(kind.noun(), clock, context, timers);
        this.snapshots = new SnapshotSchedule<>(context, timers);
        this.listers = new Listers<>(timers, context.getExecutionContext());
        this.activation = new Activation<>(kind, clock, coordinators, replays, context, context.getExecutionContext());
    }

    /** @param coordinators updated with the actors that run */
    public static <C, E extends Effects, L> Behavior<CoordinatorsCommand<C, E, L>> create(
            CoordinatorKind<C, E, L> kind, Metadata metadata, Supplier<Now> clock, Coordinators<C, E, L> coordinators) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            coordinators.active().clear();
            coordinators.take(kind.heap());
            kind.periodic()
                    .forEach(each ->
                            timers.startTimerWithFixedDelay(each, new Broadcast<>(each.command()), each.every()));
            CoordinatorRuntime<C, E, L> started =
                    new CoordinatorRuntime<>(kind, metadata, clock, coordinators.active(), context, timers);
            started.followImage();
            return Behaviors.receive(
                    (same, message) -> started.onMessage(message), (same, signal) -> started.onSignal(signal));
        }));
    }

    private Behavior<CoordinatorsCommand<C, E, L>> onMessage(CoordinatorsCommand<C, E, L> message) {
        if (message instanceof Deliver<C, E, L> command) {
            onDeliver(command);
        } else if (message instanceof ListAll<C, E, L> request) {
            listers.add(request.reply());
            answerListers();
        } else if (message instanceof ListOverdue<C, E, L>) {
            listers.fail();
        } else if (message instanceof OnPartition<C, E, L> request) {
            onPartition(request);
        } else if (message instanceof ImageChanged<C, E, L> changed) {
            followImage();
            kind.onChange(changed.change()).ifPresent(this::tellAll);
        } else if (message instanceof Broadcast<C, E, L> broadcast) {
            tellAll(broadcast.command());
        } else if (message instanceof ClockMoved<C, E, L>) {
            lookAtTheClock();
        } else if (message instanceof HandedOver<C, E, L> handedOver) {
            onHandedOver(handedOver);
        } else if (message instanceof Ended<C, E, L> ended) {
            onEnded(ended);
        } else if (message instanceof Load<C, E, L> load) {
            loadAgain(load.partition());
        } else if (message instanceof Loaded<C, E, L> loaded) {
            onLoaded(loaded);
        } else if (message instanceof Replay<C, E, L> replay) {
            replay(replay.partition(), replay.id());
        } else if (message instanceof Replayed<C, E, L> replayed) {
            onReplayed(replayed);
        } else if (message instanceof LookForSnapshots<C, E, L>) {
            snapshots.look(partitions.all());
        } else if (message instanceof SnapshotEnded<C, E, L> ended) {
            snapshots.ended(ended.partition(), ended.failure());
            snapshots.look(partitions.all());
        } else {
            return Behaviors.unhandled();
        }
        return Behaviors.same();
    }

    private Behavior<CoordinatorsCommand<C, E, L>> onSignal(Signal signal) {
        if (signal instanceof PostStop || signal instanceof PreRestart) {
            partitions.resign();
            listers.fail();
        }
        return Behaviors.same();
    }

    private void onDeliver(Deliver<C, E, L> command) {
        ActorRef<Coordinator.Command<C>> active = coordinators.get(command.id());
        if (active != null) {
            active.tell(new Coordinator.Execute<>(command.command()));
            return;
        }
        partitionOf(command.id())
                .ifPresentOrElse(
                        partition -> {
                            if (!partition.holds(command, clock.get())) {
                                activation.deliver(partition, command);
                            }
                        },
                        () -> command.refuse(Errors.NOT_COORDINATOR));
    }

    private Optional<CoordinatorPartition<C, E, L>> partitionOf(String id) {
        int count = partitions.count();
        return count == 0 ? Optional.empty() : partitions.at(StoredRecords.partitionFor(id, count));
    }

    private void onHandedOver(HandedOver<C, E, L> message) {
        StateMachine<C, E, L> machine = message.machine();
        if (coordinators.stopped(machine.id(), message.actor()) && !machine.isVacant()) {
            partitionOf(machine.id()).ifPresent(partition -> partition.park(machine));
        }
        message.actor().tell(new Coordinator.Stop<>());
    }

    private void onEnded(Ended<C, E, L> message) {
        if (coordinators.stopped(message.id(), message.actor())) {
            context.getLog()
                    .error("the coordinator of {} {} failed, it is replayed", kind.noun(), Printable.of(message.id()));
            replays.again(message.partition(), message.id());
        }
    }

    private void replay(CoordinatorPartition<C, E, L> partition, String id) {
        if (partitions.contains(partition) && partition.isReplaying(id)) {
            replays.replay(partition, id);
        }
    }

    private void onReplayed(Replayed<C, E, L> message) {
        CoordinatorPartition<C, E, L> partition = message.partition();
        if (!partitions.contains(partition)) {
            return;
        }
        if (message.machines() == null) {
            context.getLog()
                    .error(
                            "{} {} cannot be replayed: {}",
                            kind.noun(),
                            Printable.of(message.id()),
                            String.valueOf(message.failure()));
            replays.again(partition, message.id());
            return;
        }
        List<Deliver<C, E, L>> waiting = partition.replayed(message.id());
        message.machines().forEach(machine -> activation.takeIn(partition, machine));
        waiting.forEach(this::onDeliver);
    }

    private void loadAgain(CoordinatorPartition<C, E, L> partition) {
        if (partitions.contains(partition)) {
            partition.loadAgain(clock.get());
            replays.load(partition);
        }
    }

    private void onLoaded(Loaded<C, E, L> message) {
        CoordinatorPartition<C, E, L> partition = message.partition();
        if (!partitions.contains(partition)) {
            return;
        }
        if (message.machines() == null) {
            replays.loadAgain(partition, message.failure());
        } else {
            replays.loaded(partition);
            List<Deliver<C, E, L>> waiting = partition.loaded();
            message.machines().forEach(machine -> activation.takeIn(partition, machine));
            partition.takeMissed().forEach(command -> tell(partition, command));
            waiting.forEach(this::onDeliver);
        }
        answerListers();
    }

    private void followImage() {
        partitions.follow(metadata.image().topic(kind.topic()).orElse(null), this::resign, replays::load);
        answerListers();
    }

    private void resign(CoordinatorPartition<C, E, L> partition) {
        List<Active<C, L>> stopping = coordinators.takeAll(partition.index());
        context.getLog().debug("{} is led by another broker now; {} coordinators stop", partition, stopping.size());
        stopping.forEach(each -> each.actor().tell(new Coordinator.Stop<>()));
        partition.resign();
    }

    private void onPartition(OnPartition<C, E, L> request) {
        partitions
                .at(request.partition())
                .ifPresentOrElse(
                        partition -> {
                            if (partition.isLoaded()) {
                                run(request.task());
                            } else {
                                request.task().refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
                            }
                        },
                        () -> request.task().refuse(Errors.NOT_COORDINATOR));
    }

    private void run(PartitionTask task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            context.getLog().error("a task for the coordinators of {} failed", kind.topic(), e);
            task.refuse(Errors.UNKNOWN_SERVER_ERROR);
        }
    }

    /** Delivers a command to all actors, and starts the parked state machines that it concerns. */
    private void tellAll(C command) {
        coordinators.all().forEach(active -> active.actor().tell(new Coordinator.Execute<>(command)));
        for (CoordinatorPartition<C, E, L> partition : partitions.all()) {
            partition.tellLater(command);
            activation.tellParked(partition, command);
        }
    }

    private void tell(CoordinatorPartition<C, E, L> partition, C command) {
        coordinators.in(partition.index()).forEach(active -> active.actor().tell(new Coordinator.Execute<>(command)));
        activation.tellParked(partition, command);
    }

    private void lookAtTheClock() {
        coordinators.all().forEach(active -> active.actor().tell(new Coordinator.Wake<>()));
        kind.periodic().forEach(each -> tellAll(each.command()));
    }

    private void answerListers() {
        if (!partitions.settled() || listers.nobodyWaits()) {
            return;
        }
        listers.answer(Stream.concat(
                coordinators.all().flatMap(active -> active.listing().latest().stream()),
                List.copyOf(partitions.all()).stream()
                        .flatMap(partition -> activation.listParked(partition).stream())));
    }
}
