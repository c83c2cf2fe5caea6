package io.aeon.broker.topic;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.partition.FoundPartitions;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.TopicsCommand.AllClosed;
import io.aeon.broker.partition.TopicsCommand.CheckInSync;
import io.aeon.broker.partition.TopicsCommand.CheckpointHighWatermarks;
import io.aeon.broker.partition.TopicsCommand.Copied;
import io.aeon.broker.partition.TopicsCommand.CopyOn;
import io.aeon.broker.partition.TopicsCommand.ExpireProducers;
import io.aeon.broker.partition.TopicsCommand.FilesFound;
import io.aeon.broker.partition.TopicsCommand.Housekeep;
import io.aeon.broker.partition.TopicsCommand.Idle;
import io.aeon.broker.partition.TopicsCommand.ImageChanged;
import io.aeon.broker.partition.TopicsCommand.Move;
import io.aeon.broker.partition.TopicsCommand.PartitionStopped;
import io.aeon.broker.partition.TopicsCommand.RestIdle;
import io.aeon.broker.partition.TopicsCommand.Start;
import io.aeon.broker.partition.TopicsCommand.Started;
import io.aeon.broker.partition.TopicsCommand.StillBusy;
import io.aeon.broker.partition.TopicsCommand.Stop;
import io.aeon.broker.partition.TopicsCommand.StopOverdue;
import io.aeon.broker.partition.TopicsCommand.TryAgain;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ImageChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parent of all partitions. It starts each partition's actor at first use, closes it when it is idle, and applies
 * metadata changes to it. It removes a partition with its files when its topic is deleted. Soon after the start it
 * opens the logs that the last stop did not close cleanly. A restart of this actor keeps the partitions running, and
 * continues a stop that has begun.
 */
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final int MOST_NAMED = 20;

    private final TopicsSetup setup;
    private final PartitionRegistry registry;
    private final IdlePartitions idle;
    private final ReplicaMoves moves;
    private final LocalPartitions partitions;
    private final PartitionsAtStop atStop;
    private final PartitionUpkeep upkeep;
    private final FollowedTopics followed;
    private final FilesAtStart files;
    private final PlaceReports places;
    private final TopicNews news;
    private final PartitionTable table;
    private final Duration stopTimeout;
    private final Consumer<ImageChange> onRoles;
    private final ActorContext<TopicsCommand> context;
    private final TimerScheduler<TopicsCommand> timers;
    private boolean lookedForFiles;

    private Topics(
            TopicsSetup setup,
            PartitionRegistry registry,
            PartitionTable table,
            Duration stopTimeout,
            Consumer<ImageChange> onRoles,
            ActorContext<TopicsCommand> context,
            TimerScheduler<TopicsCommand> timers) {
        this.setup = setup;
        this.registry = registry;
        this.table = table;
        this.stopTimeout = stopTimeout;
        this.onRoles = onRoles;
        this.timers = timers;
        PartitionFaults faults = new PartitionFaults(registry, table, context);
        Placement placement = new Placement(setup.disks());
        this.idle = new IdlePartitions(registry, table, faults, context);
        this.upkeep = new PartitionUpkeep(setup, registry, table);
        this.moves = new ReplicaMoves(setup, registry, table, context);
        this.partitions = new LocalPartitions(setup, registry, table, placement, faults, idle, moves, context);
        this.atStop = new PartitionsAtStop(registry, table);
        this.places = new PlaceReports(setup, table);
        this.followed = new FollowedTopics(setup, registry, table, placement, moves, partitions, faults, places);
        this.files = new FilesAtStart(setup, table, placement, partitions, faults, places);
        this.news = new TopicNews(setup.metadata().image(), LOG::info);
        this.context = context;
    }

    /**
     * The supervisor has to keep the children at a restart.
     *
     * @param registry receives the route to each partition; its starter has to notify this actor
     * @param stopTimeout maximum time for the partitions to close; those that exceed it are named in the log and left
     *     open
     * @param onRoles called after the partitions were told their roles of a new image; must not block
     */
    public static Behavior<TopicsCommand> create(
            TopicsSetup setup, PartitionRegistry registry, Duration stopTimeout, Consumer<ImageChange> onRoles) {
        PartitionTable table = new PartitionTable(
                setup.limits().startsAtOnce(),
                new HighWatermarks(setup.disks()),
                registry.unread(),
                setup.replication().inSync().clock());
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Topics started = new Topics(setup, registry, table, stopTimeout, onRoles, context, timers);
            return started.resume();
        }));
    }

    /** Catches up with the image after a restart of this actor; at the first start there is no image yet. */
    private Behavior<TopicsCommand> resume() {
        partitions.resume();
        if (table.isStopping()) {
            return stopping();
        }
        ClusterImage image = setup.metadata().image();
        if (image.offset() >= 0) {
            followed.followAll(image);
            places.send();
            lookForFiles();
        }
        partitions.startWanted();
        return running();
    }

    private Behavior<TopicsCommand> running() {
        return BehaviorBuilder.<TopicsCommand>create()
                .onMessage(Start.class, message -> with(() -> partitions.start(message.partition())))
                .onMessage(TryAgain.class, message -> with(() -> partitions.tryAgain(message.partition())))
                .onMessage(ImageChanged.class, message -> onImageChanged(message.change()))
                .onMessage(FilesFound.class, this::onFilesFound)
                .onMessage(Started.class, message -> with(() -> partitions.started(message)))
                .onMessage(Idle.class, message -> with(() -> idle.reportedIdle(message.partition(), message.actor())))
                .onMessage(
                        StillBusy.class,
                        message -> with(() -> {
                            idle.reportedBusy(message.partition(), message.actor());
                            moves.stillBusy(message.partition());
                        }))
                .onMessage(Move.class, this::onMove)
                .onMessage(Copied.class, message -> with(() -> moves.copied(message)))
                .onMessage(CopyOn.class, message -> with(() -> moves.copyOn(message.move())))
                .onMessage(PartitionStopped.class, message -> with(() -> partitions.stopped(message.partition())))
                .onMessage(Housekeep.class, message -> with(upkeep::housekeep))
                .onMessage(ExpireProducers.class, message -> with(() -> upkeep.expireProducers(message.timestamp())))
                .onMessage(CheckpointHighWatermarks.class, message -> with(upkeep::checkpointHighWatermarks))
                .onMessage(
                        CheckInSync.class,
                        message -> with(() -> {
                            upkeep.checkInSync();
                            places.repeat(setup.metadata().image());
                        }))
                .onMessage(RestIdle.class, message -> with(idle::askAll))
                .onMessage(Stop.class, message -> stopping())
                .onMessage(StopOverdue.class, message -> Behaviors.same())
                .onMessage(AllClosed.class, message -> Behaviors.same())
                .build();
    }

    private Behavior<TopicsCommand> onMove(Move message) {
        try {
            moves.ask(message.partition(), message.target());
            message.reply().complete(null);
        } catch (RuntimeException e) {
            message.reply().completeExceptionally(e);
        }
        return Behaviors.same();
    }

    private static Behavior<TopicsCommand> with(Runnable action) {
        action.run();
        return Behaviors.same();
    }

    private Behavior<TopicsCommand> onImageChanged(ImageChange change) {
        ClusterImage image = change.image();
        if (image.offset() < 0) {
            return Behaviors.same();
        }
        lookForFiles();
        news.of(change);
        change.deleted().forEach(topic -> followed.remove(topic, image));
        (change.brokerSettings() ? image.topics() : change.touched()).forEach(topic -> followed.follow(topic, image));
        places.send();
        onRoles.accept(change);
        return Behaviors.same();
    }

    private void lookForFiles() {
        if (!lookedForFiles && !table.starts().areReleased()) {
            lookedForFiles = true;
            context.pipeToSelf(setup.search(), (found, failure) -> new FilesFound(found == null ? Map.of() : found));
        }
    }

    private Behavior<TopicsCommand> onFilesFound(FilesFound found) {
        if (!table.starts().areReleased()) {
            boolean all = found.partitions().size() == setup.disks().usable().size();
            if (!all) {
                table.mayAllHaveFiles();
            }
            files.found(found.partitions());
            if (all) {
                registry.filesKnown();
            }
            partitions.releaseStarts();
            moveOn(found.partitions());
        }
        return Behaviors.same();
    }

    /** The moves that the last stop or a crash has interrupted begin anew. */
    private void moveOn(Map<Disk, FoundPartitions> found) {
        found.forEach((disk, onDisk) -> onDisk.movedHere().forEach(partition -> {
            try {
                moves.ask(partition, disk);
            } catch (RuntimeException e) {
                LOG.warn("{} is not moved on to {}", partition, disk, e);
            }
        }));
    }

    private Behavior<TopicsCommand> stopping() {
        table.stop();
        moves.stop();
        timers.startSingleTimer(StopOverdue.NOW, stopTimeout);
        atStop.close(new NotLeaderOrFollowerException("the broker is stopping"));
        if (atStop.areClosed()) {
            leaveSummaries();
        }
        return BehaviorBuilder.<TopicsCommand>create()
                .onMessage(PartitionStopped.class, message -> {
                    if (atStop.wasLast(message.partition())) {
                        leaveSummaries();
                    }
                    return Behaviors.same();
                })
                .onMessage(AllClosed.class, message -> Behaviors.stopped())
                .onMessage(StopOverdue.class, message -> onStopOverdue())
                .onMessage(Move.class, message -> {
                    message.reply().completeExceptionally(new NotLeaderOrFollowerException("the broker is stopping"));
                    return Behaviors.same();
                })
                .onMessage(TopicsCommand.class, message -> Behaviors.same())
                .build();
    }

    private Behavior<TopicsCommand> onStopOverdue() {
        List<TopicPartition> open = List.copyOf(table.running().keySet());
        if (open.isEmpty()) {
            LOG.error(
                    "The disk has not taken the summaries of the logs within {}: the next start looks into every log",
                    stopTimeout);
        } else {
            LOG.error(
                    "{} partitions have not closed within {} and are left as they are: {}{}",
                    open.size(),
                    stopTimeout,
                    open.subList(0, Math.min(open.size(), MOST_NAMED)),
                    open.size() > MOST_NAMED ? " and more" : "");
        }
        return Behaviors.stopped();
    }

    private void leaveSummaries() {
        Optional<Map<TopicPartition, RestingPartition>> summaries = atStop.summaries();
        context.pipeToSelf(
                CompletableFuture.allOf(
                        summaries.map(setup::leaveSummaries).orElseGet(() -> CompletableFuture.completedFuture(null)),
                        table.highWatermarks().writeLast()),
                (nothing, failure) -> AllClosed.NOW);
    }
}
