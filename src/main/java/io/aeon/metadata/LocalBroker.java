package io.aeon.metadata;

import io.aeon.config.ListenerSettings;
import io.aeon.metadata.BrokerLifecycle.Call;
import io.aeon.metadata.BrokerLifecycle.Heartbeat;
import io.aeon.metadata.BrokerLifecycle.Pace;
import io.aeon.metadata.BrokerLifecycle.State;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.FeatureCollection;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Listener;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.ListenerCollection;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.controller.QuorumController;
import org.apache.kafka.metadata.BrokerHeartbeatReply;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.BrokerRegistrationReply;
import org.apache.kafka.metadata.VersionRange;
import org.jspecify.annotations.Nullable;

/**
 * Registers this node's broker with its own controller. Both run in one process, so the session never expires. A start
 * continues the registration in the log with the same incarnation id, so that partitions keep their leader through a
 * restart and even a kill. The controller would refuse a new incarnation until the session of the previous one expires,
 * and then elect a new leader for each of its partitions: after a kill no partition would be served for seconds.
 */
final class LocalBroker {
    private static final long RETRY_MS = 1;
    private static final Pace PACE = new Pace(RETRY_MS, RETRY_MS, BrokerLifecycle.NEVER);
    private static final int UNKNOWN_PORT = 1;
    private static final ControllerRequestContext AS_BROKER =
            new ControllerRequestContext(new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());

    private final int nodeId;
    private final String clusterId;
    private final Collection<Uuid> directoryIds;
    private final Collection<ListenerSettings> listeners;
    private final Map<String, VersionRange> features;
    private final QuorumController controller;
    private final ScheduledExecutorService scheduler;
    private final Time time;
    private final Supplier<Uuid> uuids;

    /** @param directoryIds ids of the data directories that can be used */
    LocalBroker(
            int nodeId,
            String clusterId,
            Collection<Uuid> directoryIds,
            Collection<ListenerSettings> listeners,
            Map<String, VersionRange> features,
            QuorumController controller,
            ScheduledExecutorService scheduler,
            MetadataEnvironment environment) {
        this.nodeId = nodeId;
        this.clusterId = clusterId;
        this.directoryIds = directoryIds;
        this.listeners = listeners;
        this.features = features;
        this.controller = controller;
        this.scheduler = scheduler;
        this.time = environment.time();
        this.uuids = environment.uuids();
    }

    /** Whether the image shows this broker in service. */
    boolean serves(KRaftImage image) {
        BrokerRegistration known = known(image);
        return known != null && !known.fenced();
    }

    /**
     * Registers and unfences the broker. Waits for an active controller; completes when the controller has written
     * both.
     *
     * @param anew fences the broker first, so that every partition gets a new leader epoch
     */
    CompletableFuture<Void> join(Images images, boolean anew) {
        BrokerLifecycle life = new BrokerLifecycle(PACE, anew);
        return images.when(image -> !image.kafka().features().isEmpty())
                .thenCompose(image -> untilInService(life, images));
    }

    private CompletableFuture<Void> untilInService(BrokerLifecycle life, Images images) {
        KRaftImage image = images.latest();
        life.sees(image.offset(), time.milliseconds());
        if (life.state() == State.IN_SERVICE) {
            return CompletableFuture.completedFuture(null);
        }
        return life.next(time.milliseconds())
                .<CompletableFuture<?>>map(call -> make(call, life, image))
                .orElseGet(() -> untilDue(life, images, image))
                .thenCompose(done -> untilInService(life, images));
    }

    private CompletableFuture<?> untilDue(BrokerLifecycle life, Images images, KRaftImage seen) {
        return life.due() == BrokerLifecycle.NEVER
                ? images.when(image -> image.offset() > seen.offset())
                : CompletableFuture.runAsync(() -> {}, this::afterPause);
    }

    /** Makes the call and reports its outcome to {@code life}; fails on an error that a repetition cannot resolve. */
    private CompletableFuture<?> make(Call call, BrokerLifecycle life, KRaftImage image) {
        CompletableFuture<Void> outcome = call instanceof Heartbeat heartbeat
                ? heartbeat(heartbeat)
                        .thenAccept(
                                reply -> life.answered(reply.isFenced(), reply.shouldShutDown(), time.milliseconds()))
                : register(known(image)).thenAccept(reply -> life.registered(reply.epoch(), time.milliseconds()));
        return outcome.exceptionallyCompose(failure -> {
            if (Errors.maybeUnwrapException(failure) instanceof NotControllerException) {
                life.failed(time.milliseconds());
                return CompletableFuture.completedFuture(null);
            }
            return CompletableFuture.failedFuture(failure);
        });
    }

    private CompletableFuture<BrokerRegistrationReply> register(@Nullable BrokerRegistration known) {
        return retire(known).thenCompose(retired -> controller.registerBroker(AS_BROKER, registration(known)));
    }

    private @Nullable BrokerRegistration known(KRaftImage image) {
        return image.kafka().cluster().broker(nodeId);
    }

    /**
     * A broker in controlled shutdown cannot return to service with the same registration, so it is unregistered first.
     */
    private CompletableFuture<Void> retire(@Nullable BrokerRegistration known) {
        if (known == null || !known.inControlledShutdown()) {
            return CompletableFuture.completedFuture(null);
        }
        return controller
                .unregisterBroker(AS_BROKER, nodeId)
                .exceptionallyCompose(
                        failure -> Errors.maybeUnwrapException(failure) instanceof BrokerIdNotRegisteredException
                                ? CompletableFuture.completedFuture(null)
                                : CompletableFuture.failedFuture(failure));
    }

    private BrokerRegistrationRequestData registration(@Nullable BrokerRegistration known) {
        boolean continues = known != null && !known.inControlledShutdown();
        return new BrokerRegistrationRequestData()
                .setBrokerId(nodeId)
                .setClusterId(clusterId)
                .setIncarnationId(known != null && continues ? known.incarnationId() : uuids.get())
                .setListeners(endpoints())
                .setRack(null)
                .setFeatures(supportedFeatures())
                .setLogDirs(List.copyOf(directoryIds));
    }

    private ListenerCollection endpoints() {
        ListenerCollection endpoints = new ListenerCollection();
        for (ListenerSettings listener : listeners) {
            boolean given = !listener.advertisedHost().isEmpty();
            endpoints.add(new Listener()
                    .setName(listener.name())
                    .setHost(given ? listener.advertisedHost() : listener.host())
                    .setPort(registeredPort(listener))
                    .setSecurityProtocol(SecurityProtocol.PLAINTEXT.id));
        }
        return endpoints;
    }

    /**
     * Replaces port 0, which the controller refuses. The free port is not known yet, and clients are told the port to
     * which they connected.
     */
    private static int registeredPort(ListenerSettings listener) {
        int port = listener.advertisedPort() == 0 ? listener.port() : listener.advertisedPort();
        return port == 0 ? UNKNOWN_PORT : port;
    }

    private FeatureCollection supportedFeatures() {
        FeatureCollection supported = new FeatureCollection();
        features.forEach((name, range) -> supported.add(
                new Feature().setName(name).setMinSupportedVersion(range.min()).setMaxSupportedVersion(range.max())));
        return supported;
    }

    private CompletableFuture<BrokerHeartbeatReply> heartbeat(Heartbeat heartbeat) {
        return controller.processBrokerHeartbeat(
                AS_BROKER,
                new BrokerHeartbeatRequestData()
                        .setBrokerId(nodeId)
                        .setBrokerEpoch(heartbeat.epoch())
                        .setCurrentMetadataOffset(heartbeat.metadataOffset())
                        .setWantFence(heartbeat.wantFence())
                        .setWantShutDown(heartbeat.wantShutDown()));
    }

    private void afterPause(Runnable task) {
        var unused = scheduler.schedule(task, RETRY_MS, TimeUnit.MILLISECONDS);
    }
}
