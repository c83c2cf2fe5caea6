package io.aeon.broker.coordinator;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.coordinator.ActiveCoordinators.Active;
import io.aeon.broker.coordinator.ActiveCoordinators.Listing;
import io.aeon.broker.coordinator.CoordinatorsCommand.Deliver;
import io.aeon.broker.coordinator.CoordinatorsCommand.Ended;
import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.StateMachine;
import io.aeon.logging.LimitedLines;
import io.aeon.logging.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Starts actors for state machines, and serves the state machines that need no actor. A fault in one state machine
 * affects only that one. Not thread-safe.
 */
final class Activation<C, E extends Effects, L> {
    private final CoordinatorKind<C, E, L> kind;
    private final Supplier<Now> clock;
    private final ActiveCoordinators<C, L> coordinators;
    private final Replays<C, E, L> replays;
    private final ActorContext<CoordinatorsCommand<C, E, L>> context;
    private final Executor pool;
    private final LimitedLines lines = new LimitedLines(LoggerFactory.getLogger(Coordinator.class), System::nanoTime);

    /** @param pool runs what others do with an answer, which may take long */
    Activation(
            CoordinatorKind<C, E, L> kind,
            Supplier<Now> clock,
            ActiveCoordinators<C, L> coordinators,
            Replays<C, E, L> replays,
            ActorContext<CoordinatorsCommand<C, E, L>> context,
            Executor pool) {
        this.kind = kind;
        this.clock = clock;
        this.coordinators = coordinators;
        this.replays = replays;
        this.context = context;
        this.pool = pool;
    }

    /** Takes over a replayed state machine: starts its actor if it has work, parks it otherwise. */
    void takeIn(CoordinatorPartition<C, E, L> partition, StateMachine<C, E, L> machine) {
        confine(partition, machine.id(), () -> {
            if (machine.hasWork()) {
                start(partition, machine, null);
            } else {
                partition.park(machine);
            }
        });
    }

    /** Delivers a command to a state machine without an actor, in a loaded partition. */
    void deliver(CoordinatorPartition<C, E, L> partition, Deliver<C, E, L> command) {
        boolean done = confine(partition, command.id(), () -> {
            StateMachine<C, E, L> machine = partition.parked(command.id());
            if (machine == null) {
                deliverToAbsent(partition, command);
            } else if (command.isRequest() && machine.onlyReads(command.command())) {
                answer(machine, command.command());
            } else if (command.isRequest() || machine.concerns(command.command(), clock.get())) {
                start(partition, machine, command.command());
            }
        });
        if (!done) {
            command.refuse(Errors.UNKNOWN_SERVER_ERROR);
        }
    }

    private void deliverToAbsent(CoordinatorPartition<C, E, L> partition, Deliver<C, E, L> command) {
        StateMachine<C, E, L> absent = partition.store().absent(command.id());
        if (command.creates() && !kind.heap().admits()) {
            command.refuse(kind.full());
        } else if (command.creates()) {
            start(partition, absent, command.command());
        } else if (command.isRequest()) {
            answer(absent, command.command());
        }
    }

    private void answer(StateMachine<C, E, L> machine, C question) {
        List<Reply<?>> replies = machine.step(question, clock.get()).replies();
        pool.execute(() -> replies.forEach(Reply::send));
    }

    /** Delivers a command to the parked state machines that it concerns. */
    void tellParked(CoordinatorPartition<C, E, L> partition, C command) {
        Now now = clock.get();
        for (StateMachine<C, E, L> machine : partition.parked()) {
            confine(partition, machine.id(), () -> {
                if (machine.concerns(command, now)) {
                    start(partition, machine, command);
                }
            });
        }
    }

    /** The listings of the parked state machines. */
    List<L> listParked(CoordinatorPartition<C, E, L> partition) {
        List<L> listed = new ArrayList<>();
        for (StateMachine<C, E, L> machine : partition.parked()) {
            confine(partition, machine.id(), () -> machine.listing().ifPresent(listed::add));
        }
        return listed;
    }

    /** Runs an action on one state machine without an actor; returns whether it succeeded. */
    private boolean confine(CoordinatorPartition<C, E, L> partition, String id, Runnable action) {
        try {
            action.run();
            return true;
        } catch (RuntimeException e) {
            context.getLog().error("{} {} failed and is replayed", kind.noun(), Printable.of(id), e);
            replays.again(partition, id);
            return false;
        }
    }

    /** Starts the coordinator's actor and tells it its first command before another sender can find it. */
    private void start(CoordinatorPartition<C, E, L> partition, StateMachine<C, E, L> machine, @Nullable C first) {
        String id = machine.id();
        Listing<L> listing = new Listing<>(machine.listing());
        partition.unpark(id);
        ActorRef<Coordinator.Command<C>> actor = context.spawnAnonymous(Coordinator.create(
                machine,
                new Coordinator.Setup<>(
                        kind.noun(),
                        lines,
                        partition.store(),
                        clock,
                        kind.heap().part(),
                        listing,
                        context.getSelf())));
        context.watchWith(actor, new Ended<>(partition, id, actor));
        if (first != null) {
            actor.tell(new Coordinator.Execute<>(first));
        }
        coordinators.started(new Active<>(id, partition.index(), actor, listing));
    }
}
