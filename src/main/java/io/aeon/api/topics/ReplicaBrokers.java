package io.aeon.api.topics;

import io.aeon.api.BrokerNodes;
import io.aeon.api.ClientConnection;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.Metadata;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;

/**
 * The brokers that hold replicas, as the client of one connection sees them. Made once for all partitions of an answer.
 *
 * @param self id of this broker
 * @param registered all brokers by their ids
 * @param reachable ids of those that have the listener of the connection
 */
record ReplicaBrokers(int self, Map<Integer, Broker> registered, Set<Integer> reachable) {
    static ReplicaBrokers seenFrom(ClientConnection connection, Metadata metadata) {
        return new ReplicaBrokers(
                metadata.nodeId(),
                metadata.image().brokers().stream()
                        .collect(Collectors.toUnmodifiableMap(Broker::id, Function.identity())),
                BrokerNodes.seenFrom(connection, metadata).registered().stream()
                        .map(Node::id)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** Whether the client cannot read a replica on this broker in this data directory. */
    boolean isOffline(int broker, Uuid directory) {
        Broker known = registered.get(broker);
        return known == null || known.fenced() || !reachable.contains(broker) || !known.hasOnline(directory);
    }
}
