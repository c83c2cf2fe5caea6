package io.aeon.broker.topic;

import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.topic.PartitionTable.Child;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What changes of the metadata mean for the partitions of this broker, as {@link Topics} hears of them. Not thread-safe. */
final class FollowedTopics {
    private final TopicsSetup setup;
    private final PartitionRegistry registry;
    private final PartitionTable table;
    private final LocalPartitions partitions;

    FollowedTopics(TopicsSetup setup, PartitionRegistry registry, PartitionTable table, LocalPartitions partitions) {
        this.setup = setup;
        this.registry = registry;
        this.table = table;
        this.partitions = partitions;
    }

    /** What {@code topic} is in {@code image}. */
    void follow(Topic topic, ClusterImage image) {
        for (Partition state : topic.partitions()) {
            TopicPartition partition = new TopicPartition(topic.name(), state.index());
            setup.configuration(image, topic.name(), state)
                    .ifPresentOrElse(
                            latest -> follow(partition, topic.id(), latest), () -> leave(partition, topic.id()));
        }
    }

    private void follow(TopicPartition partition, Uuid topicId, Configure latest) {
        Child child = table.running(partition);
        RestingPartition resting = table.resting().get(partition);
        if (child != null && child.topicId().equals(topicId) && !child.isEnding()) {
            if (!latest.equals(child.configured())) {
                child.configure(latest);
            }
        } else if (resting != null && resting.topicId().equals(topicId)) {
            follow(partition, resting, latest);
        }
    }

    /** This broker has no replica any more; what files there are stay. */
    private void leave(TopicPartition partition, Uuid topicId) {
        Child child = table.running(partition);
        RestingPartition resting = table.resting().get(partition);
        if (child != null && child.topicId().equals(topicId) && !child.isEnding() && !child.isClosing()) {
            child.close();
            partitions.left(partition);
        } else if (child == null && resting != null && resting.topicId().equals(topicId)) {
            table.wakes(partition);
            partitions.left(partition);
        }
    }

    /** With other settings its maintenance may be due at another time, which only the log can tell. */
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

    /** {@code topic} is gone: so are its partitions and their files. */
    void remove(Topic topic) {
        setup.settings().forget(topic.name());
        topic.partitions().forEach(state -> remove(new TopicPartition(topic.name(), state.index()), topic.id()));
    }

    private void remove(TopicPartition partition, Uuid topicId) {
        Child child = table.running(partition);
        RestingPartition resting = table.resting().get(partition);
        if (child != null) {
            if (child.topicId().equals(topicId) && !child.isEnding()) {
                child.end();
                close(partition);
            }
        } else if (resting == null
                ? table.takeUnread(partition)
                : resting.topicId().equals(topicId)) {
            table.wakes(partition);
            close(partition);
            if (resting == null || !resting.neverWritten()) {
                partitions.delete(partition, topicId);
            }
        }
    }

    /** Whatever {@code image} says, though nobody has said what it changes. */
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

    private void close(TopicPartition partition) {
        table.starts().cancel(partition);
        table.highWatermarks().forget(partition);
        registry.closed(partition, new UnknownTopicOrPartitionException(partition + " was deleted"));
    }
}
