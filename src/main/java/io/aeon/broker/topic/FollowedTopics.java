package io.aeon.broker.topic;

import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies metadata changes to the partitions of this broker, for {@link Topics}. Not thread-safe. */
final class FollowedTopics {
    private static final Logger logger = LoggerFactory.getLogger(FollowedTopics.class);

    private final TopicsSetup setup;
    private final PartitionRegistry registry;
    private final PartitionTable table;
    private final Placement placement;
    private final ReplicaMoves moves;
    private final LocalPartitions partitions;
    private final PartitionFaults faults;
    private final PlaceReports places;

    FollowedTopics(
            TopicsSetup setup,
            PartitionRegistry registry,
            PartitionTable table,
            Placement placement,
            ReplicaMoves moves,
            LocalPartitions partitions,
            PartitionFaults faults,
            PlaceReports places) {
        this.faults = faults;
        this.places = places;
        this.setup = setup;
        this.registry = registry;
        this.table = table;
        this.placement = placement;
        this.moves = moves;
        this.partitions = partitions;
    }

    /** Applies the state that {@code topic} has in {@code image}. */
    void follow(Topic topic, ClusterImage image) {
        for (Partition state : topic.partitions()) {
            TopicPartition partition = new TopicPartition(topic.name(), state.index());
            faults.confine(
                    partition,
                    () -> setup.configuration(image, topic.name(), state)
                            .ifPresentOrElse(
                                    latest -> {
                                        settle(partition, topic.id(), state);
                                        follow(partition, topic.id(), latest);
                                        places.look(partition, topic.id(), state);
                                    },
                                    () -> leave(partition, topic.id())));
        }
    }

    /** Before the search of the data directories has ended, no partition has a place. */
    private void settle(TopicPartition partition, Uuid topicId, Partition state) {
        if (table.starts().areReleased()) {
            int self = setup.metadata().nodeId();
            placement.settle(partition, topicId, state.directory(self), state.isLedByOther(self));
        }
    }

    private void follow(TopicPartition partition, Uuid topicId, Configure latest) {
        RunningPartition child = table.running(partition);
        RestingPartition resting = table.resting().get(partition);
        if (child != null && child.topicId().equals(topicId) && !child.isEnding()) {
            if (!latest.equals(child.configured())) {
                child.configure(latest);
            }
        } else if (resting != null && resting.topicId().equals(topicId)) {
            follow(partition, resting, latest);
        }
    }

    /** Removes what this broker has of a partition that has no replica here any more, with its files. */
    private void leave(TopicPartition partition, Uuid topicId) {
        if (table.mayHaveFiles(partition) || setup.disks().isLost(partition)) {
            logger.info("{} has no replica on this broker any more; its files are removed", partition);
            removeFiles(partition, topicId, LocalPartitions.noReplica(partition));
        }
    }

    /** New settings can change when maintenance is due, which only the open log can compute. */
    private void follow(TopicPartition partition, RestingPartition resting, Configure latest) {
        if (latest.equals(resting.configured())) {
            return;
        }
        if (!partitions.rests(partition, new RestingPartition(resting.topicId(), latest, resting.log()), List.of())) {
            return;
        }
        if (!resting.neverWritten()
                && !latest.config().equals(resting.configured().config())) {
            registry.wake(partition);
        }
    }

    /** Removes the partitions of {@code topic}, which no longer exists in {@code image}, with their files. */
    void remove(Topic topic, ClusterImage image) {
        setup.settings().forget(topic.name(), image);
        setup.counters().forget(topic.name());
        topic.partitions().forEach(state -> remove(new TopicPartition(topic.name(), state.index()), topic.id()));
    }

    private void remove(TopicPartition partition, Uuid topicId) {
        faults.confine(
                partition,
                () -> removeFiles(
                        partition, topicId, new UnknownTopicOrPartitionException(partition + " was deleted")));
    }

    /** @param reason why commands to the partition fail from now on */
    private void removeFiles(TopicPartition partition, Uuid topicId, ApiException reason) {
        moves.cancel(partition);
        RunningPartition child = table.running(partition);
        RestingPartition resting = table.resting().get(partition);
        if (child != null) {
            if (child.topicId().equals(topicId) && !child.isEnding()) {
                child.end();
                close(partition, reason);
            }
        } else if (setup.disks().isLost(partition)) {
            close(partition, reason);
        } else if (resting == null
                ? table.takeUnread(partition)
                : resting.topicId().equals(topicId)) {
            table.wakes(partition);
            close(partition, reason);
            if (resting == null || !resting.neverWritten()) {
                partitions.delete(setup.directory(partition, topicId));
            }
        }
        setup.disks().forget(partition);
    }

    /** Applies the whole {@code image}, without knowledge of what changed. */
    void followAll(ClusterImage image) {
        Map<TopicPartition, Uuid> known = new HashMap<>();
        table.running().forEach((partition, child) -> known.put(partition, child.topicId()));
        table.resting().forEach((partition, resting) -> known.put(partition, resting.topicId()));
        known.forEach((partition, topicId) -> {
            if (image.topic(topicId).isEmpty()) {
                remove(partition, topicId);
            }
        });
        image.topics().forEach(topic -> follow(topic, image));
    }

    private void close(TopicPartition partition, ApiException reason) {
        partitions.cancelStart(partition);
        table.highWatermarks().forget(partition);
        table.forgetFailures(partition);
        table.forgetResends(partition);
        registry.closed(partition, reason);
    }
}
