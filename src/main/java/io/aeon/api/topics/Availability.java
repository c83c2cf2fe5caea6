package io.aeon.api.topics;

import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The availability of a partition as clients see it. A partition whose log cannot be opened has no leader and offline
 * replicas, as in Kafka when a log directory has failed.
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
