package io.aeon.metadata.raft;

import io.aeon.config.AeonSettings;
import io.aeon.metadata.channel.BootstrapControllers;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Time;

/**
 * Keeps the node ids of controllers apart. A voter takes the place of the one that had its id before (KIP-853), which
 * is right if that one has lost its disk, and wrong if it runs.
 */
public final class VoterIds {
    private VoterIds() {}

    /**
     * Checks, before this node joins, that no other running node is the voter of its id. Blocks for some seconds at
     * most.
     *
     * @param own the address of this node's controller
     * @throws ConfigException there is such a node
     */
    public static void requireOwn(AeonSettings settings, Uuid directoryId, InetSocketAddress own, Time time) {
        List<InetSocketAddress> others = settings.quorum().join().stream()
                .filter(each -> !isSame(each, own))
                .toList();
        new BootstrapControllers(others, time)
                .voter(settings.nodeId())
                .filter(voter -> !Set.of(directoryId, Uuid.ZERO_UUID).contains(voter.directoryId()))
                .filter(voter -> !isSame(voter.address(), own))
                .filter(voter -> PortWatch.connect(voter.address()) == Suspects.Connect.ACCEPTED)
                .ifPresent(voter -> {
                    throw new ConfigException("Another running controller of the cluster, at "
                            + voter.address().getHostString() + ":"
                            + voter.address().getPort() + ", has the node id " + settings.nodeId()
                            + ": give this node an id of its own (aeon.node-id).");
                });
    }

    private static boolean isSame(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() == other.getPort() && one.getHostString().equals(other.getHostString());
    }
}
