package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.Watchers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The way to one partition: to its actor; or to what answers for it while it rests; or, while it is being started, to a
 * queue that keeps the order. Thread-safe.
 *
 * <p>Senders to an actor are counted, so that {@link #suspend} can tell that none of them is between having found the
 * actor and having told it: nothing reaches an actor after that.
 */
final class Route {
    private static final int NO_ACTOR = Integer.MIN_VALUE;

    /** {@link #NO_ACTOR} and those who look in passing; else the senders under way. */
    private final AtomicInteger senders = new AtomicInteger(NO_ACTOR);

    private volatile @Nullable ActorRef<PartitionCommand> actor;
    private volatile @Nullable RestingPartition resting;
    private @Nullable List<PartitionCommand> waiting = new ArrayList<>(1);
    private @Nullable Watchers watchers;

    /** What became of a command. */
    enum Sent {
        /** It will be answered, or has been. */
        DELIVERED,
        /** It waits for a partition that rested until now and must be started. */
        WAITS_FOR_START,
        /** This way has been closed; the command was not taken. */
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
            watchers = new Watchers();
        }
        watchers.add(watch, seen.extent());
    }

    /** Ends a rest; whoever gets true has to see to it that the partition starts. */
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

    /** Commands go to {@code ref} from now on, those that wait first. */
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

    /** Lets commands wait instead of reaching the actor; false, and nothing is done, if somebody is telling it something. */
    synchronized boolean suspend() {
        if (actor == null || !senders.compareAndSet(0, NO_ACTOR)) {
            return false;
        }
        actor = null;
        waiting = new ArrayList<>(1);
        return true;
    }

    /**
     * Has {@code partition} answer from now on; also in the place of one that rests already. False if a command waits
     * that it cannot answer, so that the partition must be started instead.
     *
     * @param handedOver who watched the partition so far
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

    /** Whether commands wait for an actor, or would. */
    synchronized boolean isWaitedFor() {
        return waiting != null;
    }

    boolean isAtRest() {
        return resting != null;
    }

    /** Nobody will come: fails the commands that wait. */
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
