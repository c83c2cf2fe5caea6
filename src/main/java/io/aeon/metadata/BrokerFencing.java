package io.aeon.metadata;

import io.aeon.metadata.ClusterImage.Broker;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fences brokers whose processes are gone, so that their partitions get new leaders at once instead of after the session
 * timeout. Only the active controller does so, for brokers whose connection has ended, and, when it has just become the
 * active one, for all. It sends a heartbeat in the broker's name and epoch that asks for the fence (KIP-631). A broker
 * that lives after all is in service again with its next heartbeat. Thread-safe.
 */
final class BrokerFencing implements MetadataPublisher {
    private static final Logger logger = LoggerFactory.getLogger(BrokerFencing.class);

    private final int nodeId;
    private final Set<String> listeners;
    private final Engine engine;
    private final PortWatch<Incarnation> ports;

    /** @param listeners names of this node's listeners; a broker is preferably tried at one of the same name */
    BrokerFencing(int nodeId, Set<String> listeners, Engine engine) {
        this.nodeId = nodeId;
        this.listeners = listeners;
        this.engine = engine;
        this.ports = new PortWatch<>("aeon-" + nodeId + "-broker-ports", this::address, this::fence, engine.time());
    }

    /** A broker whose heartbeat has been accepted is alive. */
    void heardOf(int broker, long epoch) {
        ports.acquit(new Incarnation(broker, epoch));
    }

    /** A connection on which heartbeats of the broker arrived has ended. */
    void disconnected(int broker) {
        if (engine.controller().curClaimEpoch() >= 0) {
            engine.images().latest().broker(broker).ifPresent(this::suspect);
        }
    }

    @Override
    public String name() {
        return "BrokerFencing";
    }

    /** The brokers have no connections to a controller that has just become the active one. */
    @Override
    public void onControllerChange(LeaderAndEpoch leader) {
        if (leader.isLeader(nodeId)) {
            var unused = engine.whenActive().thenAccept(active -> {
                if (active) {
                    engine.images().latest().brokers().forEach(this::suspect);
                }
            });
        }
    }

    @Override
    public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {}

    private void suspect(Broker broker) {
        if (broker.id() != nodeId && !broker.fenced()) {
            ports.suspect(new Incarnation(broker.id(), broker.epoch()));
        }
    }

    private Optional<InetSocketAddress> address(Incarnation incarnation) {
        return inService(incarnation)
                .flatMap(broker -> broker.endpoint(listeners))
                .map(endpoint -> new InetSocketAddress(endpoint.host(), endpoint.port()));
    }

    private Optional<Broker> inService(Incarnation incarnation) {
        return engine.images()
                .latest()
                .broker(incarnation.broker)
                .filter(broker -> broker.epoch() == incarnation.epoch && !broker.fenced());
    }

    private void fence(Incarnation incarnation) {
        BrokerHeartbeatRequestData heartbeat = new BrokerHeartbeatRequestData()
                .setBrokerId(incarnation.broker)
                .setBrokerEpoch(incarnation.epoch)
                .setCurrentMetadataOffset(engine.images().latest().offset())
                .setWantFence(true);
        ControllerRequestContext context =
                new ControllerRequestContext(new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
        var unused = engine.unlessRefused(() -> engine.controller().processBrokerHeartbeat(context, heartbeat))
                .whenComplete((reply, failure) -> {
                    if (failure == null) {
                        logger.info(
                                "Broker {} is fenced: its connection has ended and its port refuses connections",
                                incarnation.broker);
                    } else {
                        logger.debug("Broker {} could not be fenced", incarnation.broker, failure);
                    }
                });
    }

    @Override
    public void close() {
        ports.close();
    }

    private record Incarnation(int broker, long epoch) {}
}
