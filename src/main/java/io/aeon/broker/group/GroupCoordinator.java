package io.aeon.broker.group;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.coordinator.CoordinatorLog;
import io.aeon.broker.mailbox.Failable;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.group.Append;
import io.aeon.coordinator.group.ClassicGroup;
import io.aeon.coordinator.group.Effects;
import io.aeon.coordinator.group.GroupCommand;
import io.aeon.coordinator.group.GroupCommand.AppendFailed;
import io.aeon.coordinator.group.GroupCommand.Appended;
import io.aeon.coordinator.group.GroupCommand.Tick;
import io.aeon.coordinator.group.GroupListing;
import io.aeon.storage.log.AppendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one group's state machine: appends what it wants stored, sends what it lets go, wakes it at its deadlines. A group
 * nobody is in goes back to {@link Groups} after a while, so that it costs no actor. A failure ends the actor with an
 * answer to all who wait; the group is replayed from its records at its next use.
 */
final class GroupCoordinator {
    private static final Logger logger = LoggerFactory.getLogger(GroupCoordinator.class);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final ClassicGroup group;
    private final OffsetsLog log;
    private final Supplier<Now> clock;
    private final ActorRef<GroupsCommand> groups;
    private final Consumer<GroupListing> listings;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private long armedFor = Long.MAX_VALUE;
    private boolean handedOver;

    private GroupCoordinator(
            ClassicGroup group,
            OffsetsLog log,
            ActorRef<GroupsCommand> groups,
            Consumer<GroupListing> listings,
            ActorContext<Command> context,
            TimerScheduler<Command> timers) {
        this.group = group;
        this.log = log;
        this.clock = log.setup().clock();
        this.groups = groups;
        this.listings = listings;
        this.context = context;
        this.timers = timers;
    }

    /** What a coordinator is told. */
    sealed interface Command {}

    /** Something for the group. */
    record Execute(GroupCommand command) implements Command, Failable {
        @Override
        public void fail(Throwable cause) {
            if (command instanceof GroupCommand.Request<?> request) {
                request.refused(Errors.NOT_COORDINATOR).send();
            }
        }
    }

    private enum Wake implements Command {
        DEADLINE,
        IDLE
    }

    /** The group is taken back. */
    enum Stop implements Command {
        NOW
    }

    /**
     * @param group replayed or new; this actor's from now on
     * @param listings told how the group is listed, whenever that may have changed
     */
    static Behavior<Command> create(
            ClassicGroup group, OffsetsLog log, ActorRef<GroupsCommand> groups, Consumer<GroupListing> listings) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            GroupCoordinator coordinator = new GroupCoordinator(group, log, groups, listings, context, timers);
            coordinator.carryOut(group.start(coordinator.clock.get()));
            return coordinator.serving();
        }));
    }

    private Behavior<Command> serving() {
        return BehaviorBuilder.<Command>create()
                .onMessage(Execute.class, this::onExecute)
                .onMessage(Wake.class, this::onWake)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .onSignal(PostStop.class, signal -> onStop())
                .build();
    }

    private Behavior<Command> onExecute(Execute execute) {
        try {
            carryOut(group.step(execute.command(), clock.get()));
        } catch (RuntimeException e) {
            execute.fail(e);
            throw e;
        }
        return group.isVacant() ? handOver() : Behaviors.same();
    }

    private Behavior<Command> onWake(Wake wake) {
        if (wake == Wake.IDLE) {
            return group.isIdle() ? handOver() : Behaviors.same();
        }
        armedFor = Long.MAX_VALUE;
        return onExecute(new Execute(new Tick()));
    }

    private void carryOut(Effects effects) {
        effects.notes().forEach(note -> logger.info("group {}: {}", group.groupId(), note));
        effects.appends().forEach(this::append);
        listings.accept(group.listing());
        effects.replies().forEach(Reply::send);
        arm();
    }

    /** The group hears of what is durable before it hears of the end of the transaction that wrote it. */
    private void append(Append append) {
        ActorRef<Command> self = context.getSelf();
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        var unused = reply.whenComplete((result, failure) -> self.tell(new Execute(
                failure == null
                        ? new Appended(append.id(), result.baseOffset())
                        : new AppendFailed(append.id(), CoordinatorLog.errorOf(failure)))));
        log.append(append.records(), append.writer(), reply);
    }

    private void arm() {
        long next = group.nextDeadline().orElse(Long.MAX_VALUE);
        if (next < armedFor) {
            armedFor = next;
            long delay = Math.max(0, next - clock.get().elapsedMs());
            timers.startSingleTimer(Wake.DEADLINE, Duration.ofMillis(delay));
        }
        if (!group.isIdle()) {
            timers.cancel(Wake.IDLE);
        } else if (!timers.isTimerActive(Wake.IDLE)) {
            timers.startSingleTimer(Wake.IDLE, IDLE);
        }
    }

    /** From here on the group belongs to {@link Groups}, and so do the commands that still come. */
    private Behavior<Command> handOver() {
        handedOver = true;
        timers.cancelAll();
        groups.tell(new GroupsCommand.HandedOver(group, context.getSelf()));
        return BehaviorBuilder.<Command>create()
                .onMessage(Execute.class, this::passOn)
                .onMessage(Wake.class, wake -> Behaviors.same())
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> passOn(Execute execute) {
        groups.tell(new GroupsCommand.Deliver(group.groupId(), execute.command()));
        return Behaviors.same();
    }

    private Behavior<Command> onStop() {
        if (!handedOver) {
            group.abandon(Errors.NOT_COORDINATOR, clock.get()).forEach(Reply::send);
        }
        return Behaviors.same();
    }
}
