package io.aeon.broker.topic;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.ImageChange;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reports created, changed and deleted topics, one line each. Not thread-safe. */
final class TopicNews {
    private final Consumer<String> out;
    private ClusterImage known;

    /**
     * @param known the image whose topics are not reported; if it is the empty image (offset -1), those of the first
     *     real image are not reported either
     */
    TopicNews(ClusterImage known, Consumer<String> out) {
        this.known = known;
        this.out = out;
    }

    /** Reports the differences between {@code change} and the previous image. */
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

    /** The number of partitions and the topic's own settings; changes of leaders are not reported. */
    private static String described(Topic topic, ClusterImage image) {
        Map<String, String> settings = new TreeMap<>(image.topicOverrides(topic.name()));
        int partitions = topic.partitions().size();
        return partitions
                + (partitions == 1 ? " partition" : " partitions")
                + (settings.isEmpty() ? "" : ", " + settings);
    }
}
