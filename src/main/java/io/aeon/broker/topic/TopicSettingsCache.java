package io.aeon.broker.topic;

import io.aeon.metadata.ClusterImage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** The effective settings of topics, computed again only after one of their sources has changed. Thread-safe. */
public final class TopicSettingsCache {
    private final BiFunction<ClusterImage, String, Map<String, String>> effective;
    private final String brokerId;
    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

    /** @param effective returns every setting of a topic in an image, by Kafka's topic setting names */
    public TopicSettingsCache(int nodeId, BiFunction<ClusterImage, String, Map<String, String>> effective) {
        this.effective = effective;
        this.brokerId = Integer.toString(nodeId);
    }

    /** The settings of a topic that exists in {@code image}. */
    public TopicSettings of(ClusterImage image, String topic) {
        Entry known = entries.get(topic);
        if (known != null && known.image() == image) {
            return known.settings();
        }
        List<Map<String, String>> given =
                List.of(image.topicOverrides(topic), image.brokerOverrides(brokerId), image.brokerOverrides(""));
        TopicSettings settings = known != null && known.given().equals(given)
                ? known.settings()
                : TopicSettings.of(effective.apply(image, topic));
        entries.put(topic, new Entry(image, given, settings));
        return settings;
    }

    void forget(String topic) {
        entries.remove(topic);
    }

    private record Entry(ClusterImage image, List<Map<String, String>> given, TopicSettings settings) {}
}
