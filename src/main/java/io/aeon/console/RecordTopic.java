package io.aeon.console;

import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Which partitions of a topic a query about records means. */
final class RecordTopic {
    /** So many are read at once. */
    private static final int MOST_PARTITIONS = 100;

    private RecordTopic() {}

    /** @throws RefusedException there is no such partition, or the topic has too many for all of them */
    static List<TopicPartition> partitions(Topic topic, HttpQuery query) {
        int count = topic.partitions().size();
        if (query.text("partition").isPresent()) {
            return List.of(new TopicPartition(topic.name(), (int) query.number("partition", 0, 0, count - 1L)));
        }
        if (count > MOST_PARTITIONS) {
            throw RefusedException.wrong("the topic has " + count + " partitions, and records of at most "
                    + MOST_PARTITIONS + " are shown at once: choose a partition");
        }
        return topic.partitions().stream()
                .map(each -> new TopicPartition(topic.name(), each.index()))
                .toList();
    }
}
