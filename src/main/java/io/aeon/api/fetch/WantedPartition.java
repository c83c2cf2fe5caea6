package io.aeon.api.fetch;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;

/** A partition that a fetch request names. */
record WantedPartition(FetchPartition.Key key, FetchRequestData.FetchPartition request) {
    static List<WantedPartition> of(FetchRequestData request, boolean byId) {
        List<WantedPartition> wanted = new ArrayList<>();
        request.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> wanted.add(new WantedPartition(
                                key(topic.topic(), topic.topicId(), partition.partition(), byId), partition))));
        return wanted;
    }

    static List<FetchPartition.Key> forgotten(FetchRequestData request, boolean byId) {
        List<FetchPartition.Key> forgotten = new ArrayList<>();
        request.forgottenTopicsData()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> forgotten.add(key(topic.topic(), topic.topicId(), partition, byId))));
        return forgotten;
    }

    private static FetchPartition.Key key(String topic, Uuid id, int partition, boolean byId) {
        return byId ? FetchPartition.Key.byId(id, partition) : FetchPartition.Key.byName(topic, partition);
    }
}
