package io.aeon.broker.group;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/** Tells which topics have gone from one image to the next. Not thread-safe. */
final class DeletedTopics {
    private Map<Uuid, String> known = Map.of();

    /** The names of the topics, by id, that the image before had and this one has not. */
    Map<Uuid, String> upTo(ClusterImage image) {
        Map<Uuid, String> present = image.topics().stream().collect(Collectors.toMap(Topic::id, Topic::name));
        Map<Uuid, String> gone = new HashMap<>(known);
        gone.keySet().removeAll(present.keySet());
        known = present;
        return gone;
    }
}
