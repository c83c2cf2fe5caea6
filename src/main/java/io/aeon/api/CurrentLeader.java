package io.aeon.api;

import io.aeon.metadata.ClusterImage.Partition;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The leader of a partition, as a response names it to a client that asked another broker or in an old leader epoch, so
 * that the client need not ask for the metadata (KIP-951).
 *
 * @param id -1 while no leader is elected
 * @param node where the client reaches it; null if it is not in service
 */
public record CurrentLeader(int id, int epoch, @Nullable Node node) {
    /** The leader of a partition; null if there is no such partition. */
    public static @Nullable CurrentLeader of(ResolvedTopic topic, int index, BrokerNodes nodes) {
        if (topic.error(index) != Errors.NONE) {
            return null;
        }
        Partition state = topic.partition(index);
        return new CurrentLeader(
                state.leader(),
                state.leaderEpoch(),
                nodes.inService(state.leader()).orElse(null));
    }
}
