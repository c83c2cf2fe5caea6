package io.aeon.api.topics;

import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The availability of a partition as clients see it. A partition whose leader cannot open its log has no leader, as in
 * Kafka when a log directory has failed; another broker that cannot open its replica only counts as without it.
 *
 * @param leader broker id, -1 for none that the client can reach
 * @param offlineReplicas the brokers whose replicas cannot be reached now
 */
record Availability(Errors error, int leader, List<Integer> offlineReplicas) {
    private static final short FIRST_VERSION_WITH_LISTENER_NOT_FOUND = 6;
    private static final int NO_LEADER = -1;

    /** @param partitions those of this broker */
    static Availability of(String topic, Partition partition, Partitions partitions, ReplicaBrokers brokers) {
        boolean unopened = partitions.isOffline(new TopicPartition(topic, partition.index()));
        List<Integer> offline = new ArrayList<>(0);
        for (int i = 0; i < partition.replicas().size(); i++) {
            int broker = partition.replicas().get(i);
            if ((unopened && broker == brokers.self())
                    || brokers.isOffline(broker, partition.directories().get(i))) {
                offline.add(broker);
            }
        }
        boolean fails = unopened && partition.isLedBy(brokers.self());
        if (fails || !brokers.registered().containsKey(partition.leader())) {
            return new Availability(Errors.LEADER_NOT_AVAILABLE, NO_LEADER, offline);
        }
        return brokers.reachable().contains(partition.leader())
                ? new Availability(Errors.NONE, partition.leader(), offline)
                : new Availability(Errors.LISTENER_NOT_FOUND, NO_LEADER, offline);
    }

    /** The error as a client of this version of Metadata knows it. */
    Errors error(short version) {
        return error == Errors.LISTENER_NOT_FOUND && version < FIRST_VERSION_WITH_LISTENER_NOT_FOUND
                ? Errors.LEADER_NOT_AVAILABLE
                : error;
    }
}
