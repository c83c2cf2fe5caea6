package io.aeon.metadata.channel;

import io.aeon.config.QuorumSettings;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Time;

/** The id of the cluster to which a node belongs by its settings. */
public final class ClusterId {
    private static final long JOIN_TIMEOUT_MS = 60_000;

    private final QuorumSettings quorum;
    private final Time time;
    private final Supplier<Uuid> uuids;

    public ClusterId(QuorumSettings quorum, Time time, Supplier<Uuid> uuids) {
        this.quorum = quorum;
        this.time = time;
        this.uuids = uuids;
    }

    /**
     * The id for a data directory that is formatted: that of the cluster to join, else the one in the settings, else a
     * random one. Blocks while no controller of the cluster to join answers.
     *
     * @param end ends the wait when it fails, with its failure
     * @throws ConfigException no controller has answered within a minute, or the settings ask for another cluster
     */
    public String ofNewDirectory(CompletableFuture<?> end) {
        List<InetSocketAddress> join = quorum.join();
        if (join.isEmpty()) {
            return quorum.clusterId().orElseGet(() -> uuids.get().toString());
        }
        String found = new BootstrapControllers(join, time).clusterId(JOIN_TIMEOUT_MS, end);
        require(found, "The cluster to join (aeon.join)");
        return found;
    }

    /**
     * Refuses an id that is not the one in the settings.
     *
     * @param of what has the id {@code found}, as the subject of a sentence
     * @throws ConfigException the settings ask for another cluster
     */
    public void require(String found, String of) {
        quorum.clusterId().filter(given -> !given.equals(found)).ifPresent(given -> {
            throw new ConfigException(of + " has the cluster id " + found + ", and aeon.cluster-id is " + given
                    + ": leave that setting out, or name another directory or cluster.");
        });
    }
}
