package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.Partitions.Condition;
import io.aeon.broker.partition.Watchers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The route to one partition: to its actor, or to the {@link RestingPartition} that answers for it, or to a queue that
 * keeps the order of commands while the partition starts. Thread-safe.
 *
 * <p>Senders to an actor are counted, so that {@link #suspend} can detect a sender that has read the actor but not told
 * it yet. After a successful suspend no command reaches the actor.
 */
final class Route {
    private static final int NO_ACTOR = Integer.MIN_VALUE;

    /** The number of senders in progress; from {@link #NO_ACTOR} upwards if there is no actor. */
    private final AtomicInteger senders = new AtomicInteger(NO_ACTOR);

    private volatile @Nullable ActorRef<PartitionCommand> actor;
    private volatile @Nullable RestingPartition resting;
    private @Nullable List<PartitionCommand> waiting = new ArrayList<>(1);
    private @Nullable Watchers watchers;

    /** The outcome of a delivery. */
    enum Sent {
        /** The command was answered or will be. */
        DELIVERED,
        /** The command waits for a partition that rested until now and must be started. */
        WAITS_FOR_START,
        /** The route is closed and did not accept the command. */
        CLOSED
    }

    Sent tell(PartitionCommand command) {
        if (enter()) {
            try {
                Objects.requireNonNull(actor).tell(command);
            } finally {
                senders.decrementAndGet();
            }
            return Sent.DELIVERED;
        }
        RestingPartition asleep = resting;
        if (asleep != null && !(command instanceof Watch) && asleep.answers(command)) {
            asleep.answer(command);
            return Sent.DELIVERED;
        }
        return tellAside(command);
    }

    Condition condition() {
        if (senders.get() >= 0) {
            return Condition.OPEN;
        }
        return resting == null ? Condition.STARTING : Condition.RESTING;
    }

    /** See {@link io.aeon.broker.partition.Partitions#glance}. A command for it never waits for a start. */
    Optional<CompletableFuture<Description>> glance() {
        if (condition() == Condition.STARTING) {
            return Optional.empty();
        }
        CompletableFuture<Description> reply = new CompletableFuture<>();
        return tell(new Describe(reply)) == Sent.DELIVERED ? Optional.of(reply) : Optional.empty();
    }

    private boolean enter() {
        if (senders.get() < 0) {
            return false;
        }
        if (senders.incrementAndGet() > 0) {
            return true;
        }
        senders.decrementAndGet();
        return false;
    }

    private Sent tellAside(PartitionCommand command) {
        RestingPartition answering;
        synchronized (this) {
            answering = resting;
            if (answering == null || !answering.answers(command)) {
                return queue(command);
            }
            if (command instanceof Watch watch && answering.isAsSeenBy(watch)) {
                keep(watch, answering);
                return Sent.DELIVERED;
            }
        }
        answering.answer(command);
        return Sent.DELIVERED;
    }

    private Sent queue(PartitionCommand command) {
        ActorRef<PartitionCommand> open = actor;
        if (open != null) {
            open.tell(command);
            return Sent.DELIVERED;
        }
        boolean wakes = wake();
        if (waiting == null) {
            return Sent.CLOSED;
        }
        waiting.add(command);
        return wakes ? Sent.WAITS_FOR_START : Sent.DELIVERED;
    }

    private void keep(Watch watch, RestingPartition seen) {
        if (watchers == null) {
            watchers = seen.newWatchers();
        }
        watchers.add(watch, seen.extent());
    }

    /** Ends a rest; a caller that gets true has to start the partition. */
    synchronized boolean wake() {
        if (resting == null) {
            return false;
        }
        waiting = new ArrayList<>(takeWatches());
        resting = null;
        return true;
    }

    private List<Watch> takeWatches() {
        List<Watch> taken = watchers == null ? List.of() : watchers.takeAll();
        watchers = null;
        return taken;
    }

    /** Delivers commands to {@code ref} from now on, the waiting ones first. */
    synchronized void open(ActorRef<PartitionCommand> ref) {
        if (actor == ref) {
            return;
        }
        boolean first = actor == null;
        wake();
        if (waiting != null) {
            waiting.forEach(ref::tell);
            waiting = null;
        }
        actor = ref;
        if (first) {
            senders.addAndGet(-NO_ACTOR);
        }
    }

    /**
     * Makes commands wait instead of reaching the actor; returns false and changes nothing if a command is being
     * delivered.
     */
    synchronized boolean suspend() {
        if (actor == null || !senders.compareAndSet(0, NO_ACTOR)) {
            return false;
        }
        actor = null;
        waiting = new ArrayList<>(1);
        return true;
    }

    /** Makes commands that an actor has left wait before the others; returns false if the route is closed. */
    synchronized boolean waitFirst(List<? extends PartitionCommand> left) {
        return waiting != null && (left.isEmpty() || waiting.addAll(0, left));
    }

    /**
     * Makes {@code partition} answer from now on; it may replace an earlier resting partition. Returns false if a
     * waiting command needs the open log, so that the partition must be started instead.
     *
     * @param handedOver watches that the actor left
     */
    boolean rest(RestingPartition partition, List<Watch> handedOver) {
        List<PartitionCommand> answered;
        synchronized (this) {
            if (waiting != null && !waiting.stream().allMatch(partition::answers)) {
                waiting.addAll(0, handedOver);
                return false;
            }
            answered = new ArrayList<>(handedOver);
            if (waiting != null) {
                answered.addAll(waiting);
                waiting = null;
            }
            answered.removeIf(command -> {
                boolean waits = command instanceof Watch watch && partition.isAsSeenBy(watch);
                if (waits) {
                    keep((Watch) command, partition);
                }
                return waits;
            });
            resting = partition;
        }
        answered.forEach(partition::answer);
        return true;
    }

    /** Whether commands to this partition wait in the queue until an actor is started. */
    synchronized boolean isWaitedFor() {
        return waiting != null;
    }

    boolean isAtRest() {
        return resting != null;
    }

    /** Closes the route and fails the waiting commands. */
    void close(Throwable cause) {
        List<PartitionCommand> failing;
        synchronized (this) {
            failing = new ArrayList<>(takeWatches());
            resting = null;
            if (waiting != null) {
                failing.addAll(waiting);
                waiting = null;
            }
        }
        failing.forEach(command -> command.fail(cause));
    }
}
