package io.aeon.metadata;

import java.util.Map;

/**
 * This node's part in the metadata quorum, as Kafka's raft client measures it.
 *
 * @param isController whether the node is a controller
 * @param isActive whether it is the active controller
 * @param raft what Kafka tells in the group raft-metrics, by Kafka's names: numbers, and a text for the state
 * @param channel the same of the group raft-channel-metrics, of the connections to other controllers
 */
public record QuorumView(
        boolean isController, boolean isActive, Map<String, Object> raft, Map<String, Object> channel) {
    /** The view of a node without a raft client. */
    static final QuorumView NONE = new QuorumView(false, false, Map.of(), Map.of());
}
