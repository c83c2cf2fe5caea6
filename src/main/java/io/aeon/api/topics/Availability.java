package io.aeon.api.topics;

import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The availability of a partition as clients see it. A partition whose leader cannot open its log has no leader, as in
 * Kafka when a log directory has failed; another broker that cannot open its replica only counts as without it.
 *
 * @param leader broker id, -1 for none
 * @param offlineReplicas the brokers whose replicas cannot be reached now
 */
record Availability(Errors error, int leader, List<Integer> offlineReplicas) {
    /**
     * @param partitions those of this broker, whose id is {@code self}
     * @param inService the brokers that clients can reach
     */
    static Availability of(String topic, Partition partition, Partitions partitions, int self, Set<Integer> inService) {
        boolean offline = partitions.isOffline(new TopicPartition(topic, partition.index()));
        int leader = offline && partition.isLedBy(self) ? -1 : partition.leader();
        return new Availability(
                leader < 0 ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE,
                leader,
                !offline && inService.containsAll(partition.replicas())
                        ? List.of()
                        : partition.replicas().stream()
                                .filter(broker -> (offline && broker == self) || !inService.contains(broker))
                                .toList());
    }
}
