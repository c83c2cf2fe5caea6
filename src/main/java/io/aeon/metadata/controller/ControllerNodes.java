package io.aeon.metadata.controller;

import io.aeon.metadata.channel.ControllerConnections;
import io.aeon.metadata.image.KRaftImage;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Node;
import org.apache.kafka.raft.RaftClient;

/** Where this node reaches the controllers of the cluster. Thread-safe. */
public final class ControllerNodes {
    private final RaftClient<?> raft;
    private final Supplier<KRaftImage> image;

    public ControllerNodes(RaftClient<?> raft, Supplier<KRaftImage> image) {
        this.raft = raft;
        this.image = image;
    }

    /** The controllers by their ids, as they have registered themselves (KIP-919). */
    Map<Integer, Node> registered() {
        Map<Integer, Node> nodes = new TreeMap<>();
        image.get()
                .kafka()
                .cluster()
                .controllers()
                .forEach((id, registered) ->
                        registered.node(ControllerConnections.LISTENER.value()).ifPresent(node -> nodes.put(id, node)));
        return nodes;
    }

    /**
     * The active controller; empty while the quorum has no leader, or none whose address is known. The log of a quorum
     * with static voters ({@code kraft.version} 0) does not contain their addresses; there the leader's registration
     * tells it.
     */
    public Optional<Node> active() {
        OptionalInt leader = raft.leaderAndEpoch().leaderId();
        return leader.isEmpty()
                ? Optional.empty()
                : raft.voterNode(leader.getAsInt(), ControllerConnections.LISTENER)
                        .or(() -> Optional.ofNullable(registered().get(leader.getAsInt())));
    }
}
