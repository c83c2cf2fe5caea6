package io.aeon.coordinator.group.environment;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The topics of one moment, as the coordinators of groups need them. Immutable and thread-safe. */
public interface TopicsImage extends TopicIds {
    Optional<TopicMetadata> topic(String name);

    Optional<TopicMetadata> topic(Uuid id);

    Set<String> names();

    /** Grows with every change of the metadata. */
    long version();

    @Override
    default @Nullable Uuid of(String topic) {
        return topic(topic).map(TopicMetadata::id).orElse(null);
    }
}
