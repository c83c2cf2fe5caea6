package io.aeon.broker;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The effective settings of topics, worked out again only when something they are made of has changed. Thread-safe. */
public final class TopicSettingsCache {
    private final Metadata metadata;
    private final String brokerId;
    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

    TopicSettingsCache(Metadata metadata) {
        this.metadata = metadata;
        this.brokerId = Integer.toString(metadata.nodeId());
    }

    /** Settings of a topic that {@code image} has. */
    public TopicSettings of(ClusterImage image, String topic) {
        Entry known = entries.get(topic);
        if (known != null && known.image() == image) {
            return known.settings();
        }
        List<Map<String, String>> given =
                List.of(image.topicOverrides(topic), image.brokerOverrides(brokerId), image.brokerOverrides(""));
        TopicSettings settings = known != null && known.given().equals(given)
                ? known.settings()
                : TopicSettings.of(metadata.topicConfigs().of(image, topic));
        entries.put(topic, new Entry(image, given, settings));
        return settings;
    }

    void forget(String topic) {
        entries.remove(topic);
    }

    private record Entry(ClusterImage image, List<Map<String, String>> given, TopicSettings settings) {}
}
