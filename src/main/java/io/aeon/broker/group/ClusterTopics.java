package io.aeon.broker.group;

import io.aeon.coordinator.group.environment.TopicMetadata;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The topics of one image of the metadata. */
record ClusterTopics(ClusterImage image) implements TopicsImage {
    @Override
    public Optional<TopicMetadata> topic(String name) {
        return image.topic(name).map(ClusterTopics::metadata);
    }

    @Override
    public Optional<TopicMetadata> topic(Uuid id) {
        return image.topic(id).map(ClusterTopics::metadata);
    }

    private static TopicMetadata metadata(Topic topic) {
        return new TopicMetadata(topic.name(), topic.id(), topic.partitions().size());
    }

    @Override
    public @Nullable Uuid of(String topic) {
        return image.topic(topic).map(Topic::id).orElse(null);
    }

    @Override
    public Set<String> names() {
        return image.topics().stream().map(Topic::name).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public long version() {
        return image.offset();
    }
}
