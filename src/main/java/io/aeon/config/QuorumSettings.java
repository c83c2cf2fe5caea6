package io.aeon.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * How this node takes part in the metadata quorum of its cluster.
 *
 * @param listener the address at which other nodes and administrators reach this node's controller; empty if the node
 *     opens no port for them
 * @param join unresolved addresses of controllers of the cluster that this node joins; empty if the node does not join
 *     one
 * @param clusterId id of the cluster to which this node has to belong; empty if it may be any
 */
public record QuorumSettings(
        Optional<ListenerSettings> listener, List<InetSocketAddress> join, Optional<String> clusterId) {
    /** Whether no other node can belong to the cluster. */
    public boolean isAlone() {
        return listener.isEmpty() && join.isEmpty();
    }

    /** Whether this node runs a controller; a node without one is only a broker. */
    public boolean hasController() {
        return listener.isPresent() || join.isEmpty();
    }
}
