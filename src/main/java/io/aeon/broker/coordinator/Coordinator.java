package io.aeon.broker.coordinator;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.coordinator.CoordinatorStore.Work;
import io.aeon.broker.mailbox.Failable;
import io.aeon.coordinator.Effects;
import io.aeon.coordinator.HeapShare;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.Request;
import io.aeon.coordinator.StateMachine;
import io.aeon.logging.LimitedLines;
import io.aeon.logging.Printable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * The actor that runs one state machine: it carries out the effects, sends the replies and wakes the state machine at
 * its deadlines. A state machine that has been idle for one to two minutes goes back to {@link CoordinatorRuntime}, so
 * that it needs no actor. A failure stops the actor, and every waiting request gets an answer; the state machine is
 * then replayed from its records.
 */
final class Coordinator<C, E extends Effects, L> {
    private static final Duration IDLE = Duration.ofMinutes(1);

    /** Heap of this actor without its state machine. */
    static final long HEAP_BYTES = 2048;

    /** The number of waiting requests at which answered ones are first removed. */
    private static final int WAITING = 64;

    private final StateMachine<C, E, L> machine;
    private final Setup<C, E, L> setup;
    private final Work<E> work;
    private final ActorContext<Command<C>> context;
    private final TimerScheduler<Command<C>> timers;
    private final Deque<Request<?>> waiting = new ArrayDeque<>();
    private int waitingLimit = WAITING;
    private long armedFor = Long.MAX_VALUE;
    private boolean wasBusy;
    private boolean handedOver;

    /** The messages to a coordinator. */
    sealed interface Command<C> {}

    /** A command for the state machine. */
    record Execute<C>(C command) implements Command<C>, Failable {
        @Override
        public void fail(Throwable cause) {
            if (command instanceof Request<?> request) {
                request.refused(Errors.NOT_COORDINATOR).send();
            }
        }
    }

    /** A deadline of the state machine has passed. */
    record Wake<C>() implements Command<C> {}

    /** The state machine was idle long enough to be parked. */
    record Rest<C>() implements Command<C> {}

    /** The runtime stops this actor. */
    record Stop<C>() implements Command<C> {}

    /**
     * The resources of a coordinator.
     *
     * @param noun name of its kind in log lines
     * @param lines logs what the state machine notes
     * @param heap what the actor and its state machine take
     * @param listings receives the listing whenever it may have changed
     */
    record Setup<C, E extends Effects, L>(
            String noun,
            LimitedLines lines,
            CoordinatorStore<C, E, L> store,
            Supplier<Now> clock,
            HeapShare.Part heap,
            Consumer<Optional<L>> listings,
            ActorRef<CoordinatorsCommand<C, E, L>> runtime) {}

    private Coordinator(
            StateMachine<C, E, L> machine,
            Setup<C, E, L> setup,
            ActorContext<Command<C>> context,
            TimerScheduler<Command<C>> timers) {
        this.machine = machine;
        this.setup = setup;
        this.context = context;
        this.timers = timers;
        ActorRef<Command<C>> self = context.getSelf();
        this.work = setup.store().work(machine.id(), outcome -> self.tell(new Execute<>(outcome)));
    }

    /** @param machine replayed or new; owned by this actor from now on */
    static <C, E extends Effects, L> Behavior<Command<C>> create(StateMachine<C, E, L> machine, Setup<C, E, L> setup) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Coordinator<C, E, L> coordinator = new Coordinator<>(machine, setup, context, timers);
            coordinator.carryOut(machine.start(setup.clock().get()));
            return Behaviors.receive(
                    (same, message) -> coordinator.onMessage(message), (same, signal) -> coordinator.onSignal(signal));
        }));
    }

    private Behavior<Command<C>> onMessage(Command<C> message) {
        if (message instanceof Execute<C> execute) {
            return handedOver ? passOn(execute) : onExecute(execute);
        }
        if (message instanceof Stop<C>) {
            return Behaviors.stopped();
        }
        if (message instanceof Wake<C> && !handedOver) {
            return onWake();
        }
        if (message instanceof Rest<C> && !handedOver) {
            return onRest();
        }
        return Behaviors.same();
    }

    private Behavior<Command<C>> onExecute(Execute<C> execute) {
        if (!isAnswered(execute.command())) {
            step(execute);
        }
        return machine.isVacant() ? handOver() : Behaviors.same();
    }

    private void step(Execute<C> execute) {
        try {
            carryOut(machine.step(execute.command(), setup.clock().get()));
        } catch (RuntimeException e) {
            execute.fail(e);
            throw e;
        }
        if (execute.command() instanceof Request<?> request && !request.isAnswered()) {
            keep(request);
        }
    }

    private static <C> boolean isAnswered(C command) {
        return command instanceof Request<?> request && request.isAnswered();
    }

    private void keep(Request<?> request) {
        while (!waiting.isEmpty() && waiting.peek().isAnswered()) {
            waiting.remove();
        }
        if (waiting.size() >= waitingLimit) {
            waiting.removeIf(Request::isAnswered);
            waitingLimit = Math.max(WAITING, 2 * waiting.size());
        }
        waiting.add(request);
    }

    private Behavior<Command<C>> onWake() {
        armedFor = Long.MAX_VALUE;
        carryOut(machine.tick(setup.clock().get()));
        return machine.isVacant() ? handOver() : Behaviors.same();
    }

    /**
     * The timer runs on while the state machine is busy: to stop and start it for each step would cost more than the
     * step.
     */
    private Behavior<Command<C>> onRest() {
        if (!machine.isIdle()) {
            return Behaviors.same();
        }
        if (!wasBusy) {
            return handOver();
        }
        rest();
        return Behaviors.same();
    }

    private void rest() {
        wasBusy = false;
        timers.startSingleTimer(Rest.class, new Rest<>(), IDLE);
    }

    private void carryOut(E effects) {
        effects.notes()
                .forEach(note -> setup.lines()
                        .add(
                                note.level(),
                                () -> setup.noun() + " " + Printable.of(machine.id()) + ": "
                                        + Printable.of(note.text())));
        work.begin(effects);
        setup.heap().is(HEAP_BYTES + machine.heapBytes());
        setup.listings().accept(machine.listing());
        arm();
        effects.replies().forEach(Reply::send);
    }

    private void arm() {
        long next = machine.nextDeadline().orElse(Long.MAX_VALUE);
        if (next < armedFor) {
            armedFor = next;
            long delay = Math.max(0, next - setup.clock().get().elapsedMs());
            timers.startSingleTimer(Wake.class, new Wake<>(), Duration.ofMillis(delay));
        }
        if (!machine.isIdle()) {
            wasBusy = true;
        } else if (!timers.isTimerActive(Rest.class)) {
            rest();
        }
    }

    /** Gives the state machine back to the runtime; later commands are forwarded to the runtime too. */
    private Behavior<Command<C>> handOver() {
        handedOver = true;
        setup.heap().is(0);
        timers.cancelAll();
        setup.runtime().tell(new CoordinatorsCommand.HandedOver<>(machine, context.getSelf()));
        return Behaviors.same();
    }

    private Behavior<Command<C>> passOn(Execute<C> execute) {
        setup.runtime().tell(new CoordinatorsCommand.Deliver<>(machine.id(), execute.command()));
        return Behaviors.same();
    }

    private Behavior<Command<C>> onSignal(Signal signal) {
        if (signal instanceof PostStop && !handedOver) {
            setup.heap().is(0);
            work.close();
            waiting.forEach(request -> request.refused(Errors.NOT_COORDINATOR).send());
        }
        return Behaviors.same();
    }
}
