package io.aeon.peers;

import io.aeon.broker.replica.LeaderConnection;
import io.aeon.broker.transaction.TransactionConnection;
import io.aeon.config.AeonSettings;
import io.aeon.metadata.ClusterImage.Endpoint;
import io.aeon.metadata.Metadata;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.BrokerNotAvailableException;

/** The other brokers of the cluster, at the addresses that the metadata tell. Thread-safe. */
public final class Peers {
    private final int self;
    private final List<String> listeners;
    private final FollowerSettings following;
    private final int requestTimeoutMs;
    private final Metadata metadata;

    public Peers(AeonSettings settings, Metadata metadata) {
        this.self = settings.nodeId();
        this.listeners = settings.listenersForNodes();
        this.following = FollowerSettings.of(settings.kafka());
        this.requestTimeoutMs = settings.kafka().getInt("request.timeout.ms");
        this.metadata = metadata;
    }

    /** A connection to a broker that leads partitions. */
    public LeaderConnection leader(int broker) {
        Peer peer = new Peer("aeon-" + self + "-fetcher-" + broker, () -> address(broker), following.timeoutMs());
        return new PeerLeader(self, metadata::brokerEpoch, following, peer);
    }

    /** A connection to a broker that leads partitions and coordinates transactions. */
    public TransactionConnection transactions(int broker) {
        return new PeerTransactions(
                new Peer("aeon-" + self + "-markers-" + broker, () -> address(broker), requestTimeoutMs),
                new Peer("aeon-" + self + "-verifier-" + broker, () -> address(broker), requestTimeoutMs));
    }

    /** The first listener for nodes that both brokers have, or else any one of the other broker. */
    private Node address(int broker) {
        Endpoint endpoint = metadata.image()
                .broker(broker)
                .flatMap(each -> each.endpoint(listeners))
                .orElseThrow(() -> new BrokerNotAvailableException("The address of broker " + broker + " is unknown."));
        return new Node(broker, endpoint.host(), endpoint.port());
    }
}
