package io.aeon.api.topics;

import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * What clients are told of a partition's service: one whose log cannot be opened has no leader and an offline replica, as
 * when a log directory of Kafka's fails.
 *
 * @param leader broker id, -1 for none
 */
record Availability(Errors error, int leader, List<Integer> offlineReplicas) {
    static Availability of(String topic, Partition partition, Partitions partitions) {
        boolean offline = partitions.isOffline(new TopicPartition(topic, partition.index()));
        int leader = offline ? -1 : partition.leader();
        return new Availability(
                leader < 0 ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE,
                leader,
                offline ? partition.replicas() : List.of());
    }
}
