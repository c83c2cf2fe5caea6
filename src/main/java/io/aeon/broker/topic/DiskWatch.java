package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.partition.TopicsCommand;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the free space of a disk once a second. When it gets low, the watch asks the topics to apply retention. It
 * logs the start and the end of low space, and a disk that does not respond.
 */
public final class DiskWatch {
    private static final Logger logger = LoggerFactory.getLogger(DiskWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int LOOKS_BETWEEN_CLEANINGS = 10;

    private final Disk disk;
    private final ActorRef<TopicsCommand> topics;
    private final ActorContext<Command> context;
    private boolean low;
    private int lowLooks;
    private int unanswered;

    private DiskWatch(Disk disk, ActorRef<TopicsCommand> topics, ActorContext<Command> context) {
        this.disk = disk;
        this.topics = topics;
        this.context = context;
        this.low = disk.space().isLow();
    }

    /** @param topics asked to apply retention when space is low */
    public static Behavior<Command> create(Disk disk, ActorRef<TopicsCommand> topics) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.getSelf().tell(Look.NOW);
            timers.startTimerWithFixedDelay(Look.NOW, EVERY);
            return new DiskWatch(disk, topics, context).waiting();
        }));
    }

    /** The messages to the watch, all from its own timer and work. */
    public sealed interface Command {}

    private enum Look implements Command {
        NOW
    }

    private record Seen(long usable, @Nullable Throwable failure) implements Command {}

    private Behavior<Command> waiting() {
        return BehaviorBuilder.<Command>create()
                .onMessage(Look.class, look -> look())
                .onMessage(Seen.class, fromBeforeARestart -> Behaviors.same())
                .build();
    }

    private Behavior<Command> look() {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(disk::usableSpace, disk.blocking()),
                (usable, failure) -> new Seen(usable == null ? -1 : usable, failure));
        return BehaviorBuilder.<Command>create()
                .onMessage(Look.class, look -> onNoAnswerYet())
                .onMessage(Seen.class, this::onSeen)
                .build();
    }

    private Behavior<Command> onNoAnswerYet() {
        if (++unanswered == 1) {
            logger.warn("The disk of {} does not respond, or all threads that may block on it do", disk);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onSeen(Seen seen) {
        if (unanswered > 0) {
            logger.info("The disk of {} responds again after {} s", disk, unanswered);
            unanswered = 0;
        }
        if (seen.failure() != null) {
            logger.warn("The free space of {} cannot be measured", disk, seen.failure());
        } else {
            note(seen.usable());
        }
        return waiting();
    }

    private void note(long usable) {
        boolean before = low;
        low = disk.space().measured(usable);
        if (low && !before) {
            logger.warn(
                    "Only {} bytes are free in {}: produce requests are refused until space is freed",
                    usable,
                    disk);
        } else if (before && !low) {
            logger.info("{} bytes are free in {}: produce requests are accepted again", usable, disk);
        }
        lowLooks = low ? lowLooks + 1 : 0;
        if (lowLooks % LOOKS_BETWEEN_CLEANINGS == 1) {
            topics.tell(TopicsCommand.Housekeep.NOW);
        }
    }
}
