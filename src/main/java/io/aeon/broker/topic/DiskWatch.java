package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.Disks;
import io.aeon.broker.partition.TopicsCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the free space of a disk once a second. When it gets low, the watch asks the topics to apply retention. It
 * logs the start and the end of low space, a disk that does not respond, and one that refuses writes.
 */
public final class DiskWatch {
    private static final Logger logger = LoggerFactory.getLogger(DiskWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int LOOKS_BETWEEN_CLEANINGS = 10;
    /** A busy machine or a pause of the JVM delays an answer, too. */
    private static final int LOOKS_WITHOUT_ANSWER = 3;

    private static final int MOST_NAMED = 20;

    private final Disk disk;
    private final Disks disks;
    private final ActorRef<TopicsCommand> topics;
    private final Consumer<Disk> onFailure;
    private final ActorContext<Command> context;
    private boolean low;
    private int lowLooks;
    private int unanswered;

    private DiskWatch(
            Disk disk,
            Disks disks,
            ActorRef<TopicsCommand> topics,
            Consumer<Disk> onFailure,
            ActorContext<Command> context) {
        this.disk = disk;
        this.disks = disks;
        this.topics = topics;
        this.onFailure = onFailure;
        this.context = context;
        this.low = disk.space().isLow();
    }

    /**
     * @param disk one of {@code disks}
     * @param topics asked to apply retention when space is low
     * @param onFailure called when the disk begins to refuse writes; must not block
     */
    public static Behavior<Command> create(
            Disk disk, Disks disks, ActorRef<TopicsCommand> topics, Consumer<Disk> onFailure) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.getSelf().tell(Look.NOW);
            timers.startTimerWithFixedDelay(Look.NOW, EVERY);
            return new DiskWatch(disk, disks, topics, onFailure, context).waiting();
        }));
    }

    /** The messages to the watch, all from its own timer and work. */
    public sealed interface Command {}

    private enum Look implements Command {
        NOW
    }

    private record Seen(
            long usable, boolean changed, @Nullable Throwable failure) implements Command {}

    private Behavior<Command> waiting() {
        return BehaviorBuilder.<Command>create()
                .onMessage(Look.class, look -> look())
                .onMessage(Seen.class, fromBeforeARestart -> Behaviors.same())
                .build();
    }

    private Behavior<Command> look() {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(this::measure, disk.blocking()),
                (measured, failure) -> measured == null ? new Seen(-1, false, failure) : measured);
        return BehaviorBuilder.<Command>create()
                .onMessage(Look.class, look -> onNoAnswerYet())
                .onMessage(Seen.class, this::onSeen)
                .build();
    }

    private Seen measure() {
        boolean changed = disk.health().check();
        return new Seen(disk.usableSpace(), changed, null);
    }

    private Behavior<Command> onNoAnswerYet() {
        if (++unanswered == LOOKS_WITHOUT_ANSWER) {
            disk.health().responds(false);
            logger.warn("The disk of {} does not respond, or all threads that may block on it do", disk);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onSeen(Seen seen) {
        if (unanswered >= LOOKS_WITHOUT_ANSWER) {
            logger.info("The disk of {} responds again after {} s", disk, unanswered);
            disk.health().responds(true);
        }
        unanswered = 0;
        if (seen.changed()) {
            reportHealth();
            if (disk.health().problem().isPresent()) {
                onFailure.accept(disk);
            }
        }
        if (seen.failure() != null) {
            logger.warn("The free space of {} cannot be measured", disk, seen.failure());
        } else {
            note(seen.usable());
        }
        return waiting();
    }

    private void reportHealth() {
        List<TopicPartition> partitions =
                disks.partitionsOf(disk).limit(MOST_NAMED + 1L).toList();
        String concerned = partitions.isEmpty()
                ? "all its partitions"
                : partitions.subList(0, Math.min(partitions.size(), MOST_NAMED))
                        + (partitions.size() > MOST_NAMED ? " and more" : "");
        disk.health()
                .problem()
                .ifPresentOrElse(
                        problem -> logger.error(
                                "The data directory {} fails, which concerns {}: {}", disk, concerned, problem),
                        () -> logger.info("The data directory {} takes writes again", disk));
    }

    private void note(long usable) {
        boolean before = low;
        low = disk.space().measured(usable);
        if (low && !before) {
            logger.warn(
                    "Only {} bytes are free in {}: produce requests are refused until space is freed", usable, disk);
        } else if (before && !low) {
            logger.info("{} bytes are free in {}: produce requests are accepted again", usable, disk);
        }
        lowLooks = low ? lowLooks + 1 : 0;
        if (lowLooks % LOOKS_BETWEEN_CLEANINGS == 1) {
            topics.tell(TopicsCommand.Housekeep.NOW);
        }
    }
}
