package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.PartitionEvent.Retired;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.actor.ClosingPartition;
import io.aeon.broker.partition.actor.PartitionActor;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogSummary;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and closes the partitions of this broker, for {@link Topics}. A running partition has an actor; a resting one
 * has only the summary that its actor left when it closed the log. Not thread-safe.
 */
final class LocalPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPartitions.class);

    private final TopicsSetup setup;
    private final PartitionRegistry registry;
    private final PartitionTable table;
    private final Placement placement;
    private final PartitionFaults faults;
    private final IdlePartitions idle;
    private final ReplicaMoves moves;
    private final ActorContext<TopicsCommand> context;
    private final RecoveryNews recovery;

    LocalPartitions(
            TopicsSetup setup,
            PartitionRegistry registry,
            PartitionTable table,
            Placement placement,
            PartitionFaults faults,
            IdlePartitions idle,
            ReplicaMoves moves,
            ActorContext<TopicsCommand> context) {
        this.faults = faults;
        this.idle = idle;
        this.moves = moves;
        this.setup = setup;
        this.registry = registry;
        this.table = table;
        this.placement = placement;
        this.context = context;
        this.recovery = new RecoveryNews(setup.clock(), LOG::info);
    }

    /**
     * Recovers from the message that a restart of the parent has lost. It may have been any partition's stop, start or
     * answer to a request to retire, so each of them is handled again.
     */
    void resume() {
        table.running().forEach((partition, child) -> {
            context.unwatch(child.actor());
            context.watchWith(child.actor(), new TopicsCommand.PartitionStopped(partition));
            if (child.started()) {
                table.starts().ended();
            }
            child.retirement()
                    .ifPresent(left -> child.actor()
                            .tell(new Retire(context.getSelf().narrow(), moves.isSwapping(partition), left)));
        });
    }

    /** Starts the partitions that can be started now, those with waiting commands first. */
    void startWanted() {
        registry.wanted().forEach(this::start);
    }

    /** Starts a partition for which a command waits. */
    void start(TopicPartition partition) {
        if (table.backsOff(partition)) {
            faults.refuse(partition);
            return;
        }
        RunningPartition child = table.running(partition);
        if (child == null && registry.isAtRest(partition)) {
            return;
        }
        if (child == null) {
            table.starts().ask(partition);
            startNext();
        } else if (child.isEnding() || child.isClosing() || child.isMoving()) {
            table.wantAgain(partition);
        } else if (!child.isRetiring()) {
            registry.opened(partition, child.actor());
        }
    }

    void tryAgain(TopicPartition partition) {
        table.tryAgain(partition);
        start(partition);
    }

    private void startNext() {
        for (Optional<TopicPartition> next = table.starts().poll();
                next.isPresent();
                next = table.starts().poll()) {
            TopicPartition partition = next.get();
            ClusterImage image = setup.metadata().image();
            if (faults.confine(partition, () -> begin(partition, image))) {
                table.forgetFailures(partition);
            }
            if (table.running(partition) == null) {
                recovery.done(partition);
            }
        }
    }

    private void begin(TopicPartition partition, ClusterImage image) {
        Topic topic = image.topic(partition.topic()).orElse(null);
        if (topic == null
                || partition.partition() < 0
                || partition.partition() >= topic.partitions().size()) {
            registry.closed(partition, new UnknownTopicOrPartitionException("there is no " + partition));
            return;
        }
        Configure configured = setup.configuration(
                        image, topic.name(), topic.partitions().get(partition.partition()))
                .orElse(null);
        if (configured == null) {
            registry.closed(partition, noReplica(partition));
            return;
        }
        Partition state = topic.partitions().get(partition.partition());
        int self = setup.metadata().nodeId();
        if (!placement.settle(partition, topic.id(), state.directory(self), state.isLedByOther(self))) {
            isLost(partition);
            return;
        }
        boolean rested = table.wakes(partition);
        if (rested
                || table.takeUnread(partition)
                || !rests(partition, new RestingPartition(topic.id(), configured, LogSummary.EMPTY), List.of())) {
            table.wakes(partition);
            spawn(partition, topic.id(), configured);
        }
    }

    /** The data directory that holds the partition is missing. */
    void isLost(TopicPartition partition) {
        registry.closed(
                partition,
                new StorageException(partition + " is offline: "
                        + setup.disks().whyLost(partition).orElse("a data directory is missing")));
        registry.offline(partition, true);
    }

    /** The partition must not be started any more. */
    void cancelStart(TopicPartition partition) {
        table.starts().cancel(partition);
        recovery.done(partition);
    }

    /** Why commands to the partition fail. */
    static ApiException noReplica(TopicPartition partition) {
        return new NotLeaderOrFollowerException("this broker has no replica of " + partition);
    }

    /** Lets {@code resting} answer for the partition; returns false if a waiting command needs the open log. */
    boolean rests(TopicPartition partition, RestingPartition resting, List<Watch> watches) {
        table.rests(partition, resting);
        return registry.rest(partition, resting, watches);
    }

    private void spawn(TopicPartition partition, Uuid topicId, Configure configured) {
        PartitionDirectory directory = setup.directory(partition, topicId);
        AtomicLong highWatermark = new AtomicLong(table.highWatermarks().of(partition));
        ActorRef<PartitionCommand> actor = context.spawn(
                PartitionActor.create(
                        setup.partition(directory),
                        configured,
                        highWatermark,
                        table.resends(partition),
                        faults.tries(partition),
                        context.getSelf()),
                partition.toString());
        table.runs(partition, new RunningPartition(actor, directory, configured, highWatermark));
        table.starts().began();
        context.watchWith(actor, new TopicsCommand.PartitionStopped(partition));
        registry.opened(partition, actor);
        idle.limit(setup.limits().mostOpen());
    }

    /** The partition has opened its log, or failed to. */
    void started(TopicsCommand.Started message) {
        TopicPartition partition = message.partition();
        registry.damaged(partition, message.isDamaged());
        faults.confine(
                partition,
                () -> table.running(partition, message.actor()).ifPresent(child -> started(partition, child)));
        recovery.done(partition);
        startNext();
    }

    private void started(TopicPartition partition, RunningPartition child) {
        if (child.started()) {
            table.starts().ended();
        }
        if (table.takeMaintenance(partition)) {
            child.actor().tell(PartitionEvent.Housekeep.NOW);
        } else {
            idle.ask(child, false);
        }
    }

    void stopped(TopicPartition partition) {
        RunningPartition child = table.stopped(partition);
        recovery.done(partition);
        if (child != null) {
            if (child.started()) {
                table.starts().ended();
            }
            faults.confine(partition, () -> leave(partition, child));
        }
        if (table.running(partition) == null && table.takeWantedAgain(partition)) {
            table.starts().ask(partition);
        }
        startNext();
    }

    private void leave(TopicPartition partition, RunningPartition child) {
        Retired left = child.retired().orElse(null);
        if (!child.isMoving() && (left == null || child.isEnding() || child.isClosing())) {
            moves.stoppedOtherwise(partition);
            child.retired().ifPresent(lost -> lost.fail(noReplica(partition)));
        }
        if (child.isMoving()) {
            moves.ended(partition, child);
            if (!child.isEnding() && !child.isClosing()) {
                table.foundFiles(partition);
                table.starts().ask(partition);
            }
        } else if (child.isEnding()) {
            if (left != null) {
                delete(child.directory());
            }
        } else if (!child.isClosing() && left != null && moves.isSwapping(partition)) {
            moves.swap(partition, child, left);
        } else if (!child.isClosing()) {
            rest(partition, child, left);
        }
    }

    private void rest(TopicPartition partition, RunningPartition child, @Nullable Retired left) {
        if (left == null || left.log().isEmpty()) {
            faults.failed(partition, new IllegalStateException("its actor stopped unexpectedly"));
        } else if (!rests(
                partition,
                new RestingPartition(
                        child.topicId(), child.configured(), left.log().get()),
                left.watches())) {
            table.starts().ask(partition);
        }
    }

    /** It is known now which partitions have files. */
    void releaseStarts() {
        table.starts().release();
        recovery.begin(table.starts().waiting());
        startNext();
    }

    /** Removes the files of a partition whose log is not open. */
    void delete(PartitionDirectory directory) {
        TopicPartition partition = directory.partition();
        ActorRef<PartitionCommand> remover = context.spawn(ClosingPartition.remover(directory), partition.toString());
        context.watchWith(remover, new TopicsCommand.PartitionStopped(partition));
        table.runs(partition, RunningPartition.removing(remover, directory));
    }
}
