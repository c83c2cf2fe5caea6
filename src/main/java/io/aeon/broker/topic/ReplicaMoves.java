package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.PartitionEvent.Retired;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.TopicsCommand.Copied;
import io.aeon.broker.partition.TopicsCommand.CopyOn;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.broker.partition.directory.ReplicaMove;
import io.aeon.broker.partition.move.MovingPartition;
import io.aeon.broker.partition.move.ReplicaCopy;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.replication.CopyRate;
import io.aeon.storage.log.LogConfig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Moves partitions between data directories, for {@link Topics}: as many at once as there are data directories, others
 * wait. Not thread-safe.
 */
final class ReplicaMoves {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration LATER = Duration.ofSeconds(1);

    private final TopicsSetup setup;
    private final PartitionRegistry registry;
    private final PartitionTable table;
    private final ActorContext<TopicsCommand> context;
    private final CopyRate rate;

    ReplicaMoves(
            TopicsSetup setup, PartitionRegistry registry, PartitionTable table, ActorContext<TopicsCommand> context) {
        this.setup = setup;
        this.registry = registry;
        this.table = table;
        this.context = context;
        this.rate = setup.copyRate();
    }

    /**
     * Moves a partition to another data directory. One without records is there at once.
     *
     * @throws io.aeon.storage.file.StorageException the partition is offline
     */
    void ask(TopicPartition partition, Disk target) {
        Topic topic = setup.metadata().image().topic(partition.topic()).orElse(null);
        if (topic == null || !topic.has(partition.partition())) {
            throw new UnknownTopicOrPartitionException("there is no " + partition);
        }
        PartitionDirectory from = setup.directory(partition, topic.id());
        Configure configured = setup.configuration(
                        setup.metadata().image(),
                        topic.name(),
                        topic.partitions().get(partition.partition()))
                .orElseThrow(() -> new NotLeaderOrFollowerException("this broker has no replica of " + partition));
        if (from.disk().equals(target)) {
            cancel(partition);
        } else if (table.isUnwritten(partition)) {
            setup.disks().place(partition, target);
        } else {
            begin(from, target, configured.config());
        }
    }

    /** Begins to copy {@code from}, whose log has these settings, unless it is being copied there already. */
    private void begin(PartitionDirectory from, Disk target, LogConfig config) {
        TopicPartition partition = from.partition();
        Moving known = table.moves().get(partition);
        if (known != null && known.move.target().equals(target)) {
            return;
        }
        cancel(partition);
        ReplicaMove move = new ReplicaMove(from, target, config);
        table.moves().put(partition, new Moving(move));
        setup.disks().setFuture(partition, move.progress());
        context.getLog().info("The move of {} begins", move);
        startNext();
    }

    private void startNext() {
        int most = setup.disks().usable().size();
        for (Moving moving : table.moves().values()) {
            long underWay =
                    table.moves().values().stream().filter(Moving::isUnderWay).count();
            if (underWay < most && !moving.isUnderWay()) {
                copy(moving);
            }
        }
    }

    private void copy(Moving moving) {
        ReplicaCopy copy = new ReplicaCopy(moving.move, registry, rate);
        moving.copy = copy;
        moving.isSwapping = false;
        context.pipeToSelf(copy.run(), (nothing, failure) -> new Copied(moving.move, failure));
    }

    /** The copying has reached the end; the partition hands over as soon as it can. */
    void copied(Copied message) {
        TopicPartition partition = message.move().partition();
        Moving moving = table.moves().get(partition);
        if (moving == null || moving.move != message.move()) {
            return;
        }
        if (message.failure() != null) {
            context.getLog().error("The move of {} has failed", message.move(), message.failure());
            cancel(partition);
            return;
        }
        RunningPartition child = table.running(partition);
        if (child == null) {
            registry.wake(partition);
            later(SOON, new CopyOn(message.move()));
        } else if (child.isEnding() || child.isClosing()) {
            cancel(partition);
        } else if (child.isStarting() || child.isRetiring() || !registry.suspend(partition)) {
            later(SOON, message);
        } else {
            moving.isSwapping = true;
            child.actor().tell(new Retire(context.getSelf().narrow(), true, child.retire()));
        }
    }

    /** The partition could not hand over. */
    void stillBusy(TopicPartition partition) {
        Moving moving = table.moves().get(partition);
        if (moving != null && moving.isSwapping) {
            moving.isSwapping = false;
            later(LATER, new CopyOn(moving.move));
        }
    }

    void copyOn(ReplicaMove move) {
        Moving moving = table.moves().get(move.partition());
        if (moving != null && moving.move == move && !moving.isSwapping) {
            copy(moving);
        }
    }

    private void later(Duration pause, TopicsCommand message) {
        context.scheduleOnce(pause, context.getSelf(), message);
    }

    /** Whether the partition has closed its log for its move. */
    boolean isSwapping(TopicPartition partition) {
        Moving moving = table.moves().get(partition);
        return moving != null && moving.isSwapping;
    }

    /** The partition's actor has stopped, but not for its move. */
    void stoppedOtherwise(TopicPartition partition) {
        Moving moving = table.moves().get(partition);
        if (moving != null && moving.isSwapping) {
            moving.isSwapping = false;
            cancel(partition);
        }
    }

    /** The partition's actor has stopped for its move; its commands wait. */
    void swap(TopicPartition partition, RunningPartition child, Retired left) {
        Moving moving = table.moves().get(partition);
        if (moving == null) {
            return;
        }
        moving.left = left;
        registry.handOver(partition, left.appends());
        CompletableFuture<Boolean> moved = new CompletableFuture<>();
        ActorRef<PartitionCommand> mover =
                context.spawn(MovingPartition.create(moving.move, setup::recordDirectory, moved), partition.toString());
        context.watchWith(mover, new TopicsCommand.PartitionStopped(partition));
        table.runs(
                partition,
                RunningPartition.moving(mover, child.directory(), child.configured(), child.highWatermark(), moved));
    }

    /** The move has ended; the partition is started again wherever it is now. */
    void ended(TopicPartition partition, RunningPartition mover) {
        Moving moving = table.moves().remove(partition);
        setup.disks().setFuture(partition, null);
        if (moving != null && moving.left != null) {
            moving.left.watches().forEach(watch -> watch.watcher().wake());
        }
        if (moving != null && mover.hasMoved() && !mover.isEnding()) {
            table.highWatermarks().forget(partition);
            setup.disks().place(partition, moving.move.target());
            table.highWatermarks().update(partition, mover.highWatermark());
        }
        startNext();
    }

    /** Ends a move that has not closed the partition's log yet, and removes the copy. */
    void cancel(TopicPartition partition) {
        Moving moving = table.moves().get(partition);
        if (moving != null && !moving.isSwapping) {
            table.moves().remove(partition);
            setup.disks().setFuture(partition, null);
            end(moving, moving.move::abandon);
            startNext();
        }
    }

    /** Ends all moves that have not closed their partition's log; the next start begins them anew. */
    void stop() {
        table.moves().values().stream()
                .filter(moving -> !moving.isSwapping)
                .forEach(moving -> end(moving, moving.move::leave));
    }

    private void end(Moving moving, Runnable action) {
        if (moving.copy != null) {
            moving.copy.cancel();
            var unused = moving.copy
                    .ended()
                    .handleAsync(
                            (nothing, failure) -> {
                                action.run();
                                return true;
                            },
                            moving.move.target().blocking())
                    .exceptionally(failure -> {
                        context.getSystem().log().warn("{}: the copy could not be closed", moving.move, failure);
                        return false;
                    });
        }
    }

    /** One move. */
    static final class Moving {
        private final ReplicaMove move;
        private @Nullable ReplicaCopy copy;
        private @Nullable Retired left;
        private boolean isSwapping;

        private Moving(ReplicaMove move) {
            this.move = move;
        }

        private boolean isUnderWay() {
            return copy != null;
        }
    }
}
