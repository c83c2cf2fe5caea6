package io.aeon.coordinator.group;

import io.aeon.coordinator.group.environment.TopicMetadata;
import io.aeon.coordinator.group.environment.TopicsImage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Topics that a test creates, grows and deletes. */
public final class FakeTopics implements TopicsImage {
    private final @Nullable Uuid others;
    private final Map<String, Optional<TopicMetadata>> topics = new HashMap<>();
    private long version;

    /** @param others id of all topics that the test does not name; null: there are none */
    public FakeTopics(@Nullable Uuid others) {
        this.others = others;
    }

    /** Sets the id of the topic with this name, with one partition; null: there is no such topic. */
    void put(String name, @Nullable Uuid id) {
        version++;
        topics.put(name, Optional.ofNullable(id).map(present -> new TopicMetadata(name, present, 1)));
    }

    public void put(TopicMetadata topic) {
        version++;
        topics.put(topic.name(), Optional.of(topic));
    }

    @Override
    public Optional<TopicMetadata> topic(String name) {
        Optional<TopicMetadata> named = topics.get(name);
        return named == null ? Optional.ofNullable(others).map(id -> new TopicMetadata(name, id, 1)) : named;
    }

    @Override
    public Optional<TopicMetadata> topic(Uuid id) {
        return topics.values().stream()
                .flatMap(Optional::stream)
                .filter(topic -> topic.id().equals(id))
                .findFirst();
    }

    @Override
    public Set<String> names() {
        return topics.values().stream()
                .flatMap(Optional::stream)
                .map(TopicMetadata::name)
                .collect(Collectors.toSet());
    }

    @Override
    public long version() {
        return version;
    }
}
