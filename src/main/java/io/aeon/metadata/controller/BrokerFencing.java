package io.aeon.metadata.controller;

import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.engine.Engine;
import io.aeon.metadata.raft.PortWatch;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.BrokerHeartbeatReply;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fences brokers whose processes are gone, so that their partitions get new leaders at once instead of after the
 * session timeout. Only the active controller does so, for brokers whose connection has ended, and, when it has just
 * become the active one, for all. It sends a heartbeat in the broker's name and epoch that asks for the fence
 * (KIP-631). A broker that lives after all is in service again with its next heartbeat. In the same way it ends the
 * session of a process whose successor registers. Thread-safe.
 */
public final class BrokerFencing implements MetadataPublisher {
    private static final Logger logger = LoggerFactory.getLogger(BrokerFencing.class);

    private final int nodeId;
    private final List<String> listeners;
    private final Engine engine;
    private final SessionClock clock;
    private final long sessionNs;
    private final PortWatch<Incarnation> ports;
    /** The number of connections on which heartbeats of a broker arrive. */
    private final Map<Incarnation, Integer> connections = new ConcurrentHashMap<>();

    /**
     * @param listeners names of this node's listeners; a broker is tried at the first one that it has too
     * @param clock the clock of the controller
     * @param sessionNs nanoseconds after which the controller fences a broker without heartbeats
     */
    public BrokerFencing(int nodeId, List<String> listeners, Engine engine, SessionClock clock, long sessionNs) {
        this.nodeId = nodeId;
        this.listeners = listeners;
        this.engine = engine;
        this.clock = clock;
        this.sessionNs = sessionNs;
        this.ports = new PortWatch<>("aeon-" + nodeId + "-broker-ports", this::address, this::fence, engine.time());
    }

    /** A broker whose heartbeat has been accepted is alive. */
    void heardOf(int broker, long epoch) {
        ports.acquit(new Incarnation(broker, epoch));
    }

    /** Heartbeats of the broker arrive on a further connection. */
    void connected(int broker, long epoch) {
        connections.merge(new Incarnation(broker, epoch), 1, Integer::sum);
    }

    /** A connection on which heartbeats of the broker arrived has ended. */
    void disconnected(int broker, long epoch) {
        Incarnation incarnation = new Incarnation(broker, epoch);
        connections.computeIfPresent(incarnation, (same, count) -> count > 1 ? count - 1 : null);
        if (engine.controller().curClaimEpoch() >= 0) {
            suspect(incarnation);
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
                    engine.images()
                            .latest()
                            .brokers()
                            .forEach(broker -> suspect(new Incarnation(broker.id(), broker.epoch())));
                }
            });
        }
    }

    @Override
    public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {}

    private void suspect(Incarnation incarnation) {
        if (incarnation.broker != nodeId && inService(incarnation).isPresent()) {
            ports.suspect(incarnation);
        }
    }

    /**
     * Ends the session of the registered incarnation of a broker if it is certain that the process which registers now
     * has taken its place. To be called when the controller has refused the registration because of that session.
     *
     * @return whether the session has been ended, so that the registration can be repeated
     */
    CompletableFuture<Boolean> makeWay(BrokerRegistrationRequestData request) {
        BrokerRegistration former = engine.images().latest().kafka().cluster().broker(request.brokerId());
        if (former == null
                || connections.containsKey(new Incarnation(former.id(), former.epoch()))
                || !new Succession(nodeId, former, request).isCertain()) {
            return CompletableFuture.completedFuture(false);
        }
        logger.info(
                "The session of broker {} with epoch {} is over: its successor registers", former.id(), former.epoch());
        return clock.earlier(2 * sessionNs, () -> askForFence(new Incarnation(former.id(), former.epoch())))
                .handle((fenced, failure) -> failure == null);
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
        var unused = engine.unlessRefused(() -> askForFence(incarnation)).whenComplete((reply, failure) -> {
            if (failure == null) {
                logger.info(
                        "Broker {} is fenced: its connection has ended and its port refuses connections",
                        incarnation.broker);
            } else {
                logger.debug("Broker {} could not be fenced", incarnation.broker, failure);
            }
        });
    }

    private CompletableFuture<BrokerHeartbeatReply> askForFence(Incarnation incarnation) {
        BrokerHeartbeatRequestData heartbeat = new BrokerHeartbeatRequestData()
                .setBrokerId(incarnation.broker)
                .setBrokerEpoch(incarnation.epoch)
                .setCurrentMetadataOffset(engine.images().latest().offset())
                .setWantFence(true);
        ControllerRequestContext context =
                new ControllerRequestContext(new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
        return engine.controller().processBrokerHeartbeat(context, heartbeat);
    }

    @Override
    public void close() {
        ports.close();
    }

    private record Incarnation(int broker, long epoch) {}
}
