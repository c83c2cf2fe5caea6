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
    /** Offset of the image that showed the last deletion. */
    private volatile long lastDeletion;

    /** @param effective returns every setting of a topic in an image, by Kafka's topic setting names */
    public TopicSettingsCache(int nodeId, BiFunction<ClusterImage, String, Map<String, String>> effective) {
        this.effective = effective;
        this.brokerId = Integer.toString(nodeId);
    }

    /** The settings of a topic that exists in {@code image}. */
    public TopicSettings of(ClusterImage image, String topic) {
        long offset = image.offset();
        Entry known = entries.get(topic);
        if (known != null && known.offset() == offset) {
            return known.settings();
        }
        List<Map<String, String>> given =
                List.of(image.topicOverrides(topic), image.brokerOverrides(brokerId), image.brokerOverrides(""));
        TopicSettings settings = known != null && known.given().equals(given)
                ? known.settings()
                : TopicSettings.of(effective.apply(image, topic));
        Entry now = new Entry(offset, given, settings);
        // A request that began before a topic was deleted must not bring the entry back.
        entries.compute(topic, (same, present) -> offset < lastDeletion ? present : now);
        return settings;
    }

    /** @param image the first image in which the topic no longer exists */
    void forget(String topic, ClusterImage image) {
        lastDeletion = image.offset();
        entries.remove(topic);
    }

    /** @param offset of the image in which the settings were last read; the image itself is not kept in memory */
    private record Entry(long offset, List<Map<String, String>> given, TopicSettings settings) {}
}
