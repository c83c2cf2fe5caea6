package io.aeon.broker.topic;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.ImageChange;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Tells in one line each which topics have been created, changed or deleted. Not thread-safe. */
final class TopicNews {
    private final Consumer<String> out;
    private ClusterImage known;

    /** @param known what is no news; where that is the image before the first (offset -1), the first is none either */
    TopicNews(ClusterImage known, Consumer<String> out) {
        this.known = known;
        this.out = out;
    }

    /** What {@code change} brings that the image before it did not hold. */
    void of(ImageChange change) {
        ClusterImage before = known;
        known = change.image();
        if (before.offset() < 0 || before == known) {
            return;
        }
        for (Topic topic : change.deleted()) {
            out.accept(named(topic) + "is deleted");
        }
        for (Topic topic : change.touched()) {
            String now = described(topic, known);
            Optional<Topic> earlier = before.topic(topic.id());
            if (earlier.isEmpty()) {
                out.accept(named(topic) + "is created: " + now);
            } else if (!now.equals(described(earlier.get(), before))) {
                out.accept(named(topic) + "is changed: " + now);
            }
        }
    }

    private static String named(Topic topic) {
        return "Topic " + topic.name() + " (" + topic.id() + ") ";
    }

    /** A partition's leader is none of a topic's news. */
    private static String described(Topic topic, ClusterImage image) {
        Map<String, String> settings = new TreeMap<>(image.topicOverrides(topic.name()));
        int partitions = topic.partitions().size();
        return partitions
                + (partitions == 1 ? " partition" : " partitions")
                + (settings.isEmpty() ? "" : ", " + settings);
    }
}
