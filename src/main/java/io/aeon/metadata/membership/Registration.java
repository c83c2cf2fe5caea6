package io.aeon.metadata.membership;

import io.aeon.config.ListenerSettings;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.FeatureCollection;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Listener;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.ListenerCollection;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.metadata.VersionRange;

/** What a broker tells the controller about itself when it registers (KIP-631). */
public final class Registration {
    /**
     * In place of a free port that is not known yet, since the controller refuses 0. The clients of a node alone are
     * told the port to which they have connected.
     */
    private static final int UNKNOWN_PORT = 1;

    private final int nodeId;
    private final Optional<String> rack;
    private final String clusterId;
    private final Collection<Uuid> directoryIds;
    private final Collection<ListenerSettings> listeners;
    private final Map<String, VersionRange> features;

    /**
     * @param directoryIds ids of the data directories that can be used
     * @param features the levels of each feature that the broker supports
     */
    public Registration(
            int nodeId,
            Optional<String> rack,
            String clusterId,
            Collection<Uuid> directoryIds,
            Collection<ListenerSettings> listeners,
            Map<String, VersionRange> features) {
        this.nodeId = nodeId;
        this.rack = rack;
        this.clusterId = clusterId;
        this.directoryIds = directoryIds;
        this.listeners = listeners;
        this.features = features;
    }

    /**
     * The request of one incarnation.
     *
     * @param bound the address that each listener is bound to, by listener name; empty before they are bound
     */
    public BrokerRegistrationRequestData request(Uuid incarnation, Map<String, InetSocketAddress> bound) {
        return new BrokerRegistrationRequestData()
                .setBrokerId(nodeId)
                .setClusterId(clusterId)
                .setIncarnationId(incarnation)
                .setListeners(endpoints(bound))
                .setRack(rack.orElse(null))
                .setFeatures(supportedFeatures())
                .setLogDirs(List.copyOf(directoryIds));
    }

    private ListenerCollection endpoints(Map<String, InetSocketAddress> bound) {
        ListenerCollection endpoints = new ListenerCollection();
        for (ListenerSettings listener : listeners) {
            InetSocketAddress at = bound.get(listener.name());
            InetSocketAddress reachable = listener.reachable(at == null ? UNKNOWN_PORT : at.getPort());
            endpoints.add(new Listener()
                    .setName(ListenerSettings.nameInCluster(listener.name()))
                    .setHost(reachable.getHostString())
                    .setPort(reachable.getPort())
                    .setSecurityProtocol(SecurityProtocol.PLAINTEXT.id));
        }
        return endpoints;
    }

    private FeatureCollection supportedFeatures() {
        FeatureCollection supported = new FeatureCollection();
        features.forEach((name, range) -> supported.add(
                new Feature().setName(name).setMinSupportedVersion(range.min()).setMaxSupportedVersion(range.max())));
        return supported;
    }
}
