package io.aeon.metadata;

import io.aeon.config.ListenerSettings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.FeatureCollection;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Listener;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.ListenerCollection;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.controller.QuorumController;
import org.apache.kafka.metadata.BrokerHeartbeatReply;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.VersionRange;
import org.jspecify.annotations.Nullable;

/**
 * Makes the node's own broker known to its own controller. Both live and die together, so the session never expires,
 * and a start carries on the registration the log knows: partitions keep their leader through a restart, even through
 * a kill.
 */
final class LocalBroker {
    private static final long RETRY_MS = 1;
    private static final int UNKNOWN_PORT = 1;
    private static final ControllerRequestContext AS_BROKER =
            new ControllerRequestContext(new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());

    private final int nodeId;
    private final MetadataDirectory directory;
    private final Collection<ListenerSettings> listeners;
    private final Map<String, VersionRange> features;
    private final QuorumController controller;
    private final ScheduledExecutorService scheduler;

    LocalBroker(
            int nodeId,
            MetadataDirectory directory,
            Collection<ListenerSettings> listeners,
            Map<String, VersionRange> features,
            QuorumController controller,
            ScheduledExecutorService scheduler) {
        this.nodeId = nodeId;
        this.directory = directory;
        this.listeners = listeners;
        this.features = features;
        this.controller = controller;
        this.scheduler = scheduler;
    }

    /** Whether the log shows this broker in service. */
    boolean serves(KRaftImage image) {
        BrokerRegistration known = known(image);
        return known != null && !known.fenced();
    }

    /**
     * Registers and unfences; done when the controller has written it, an active controller being waited for.
     *
     * @param anew out of service first, so that every partition gets a new leader epoch
     */
    CompletableFuture<Void> join(Images images, boolean anew) {
        return images.when(image -> !image.kafka().features().isEmpty())
                .thenCompose(image -> retrying(() -> retire(known(image))).thenApply(gone -> known(image)))
                .thenCompose(known -> retrying(() -> controller.registerBroker(AS_BROKER, registration(known))))
                .thenCompose(registered -> images.when(image -> isRegistered(image, registered.epoch()))
                        .thenCompose(image -> inService(images, image, registered.epoch(), anew)
                                .thenCompose(served -> FeatureLevels.raise(image, controller, AS_BROKER))));
    }

    private CompletableFuture<?> inService(Images images, KRaftImage image, long epoch, boolean anew) {
        CompletableFuture<?> ready =
                anew ? retrying(() -> heartbeat(image, epoch, true)) : CompletableFuture.completedFuture(null);
        return ready.thenCompose(fenced -> unfence(images, image, epoch));
    }

    /** The controller leaves a broker out of service that does not know its latest registration yet. */
    private CompletableFuture<?> unfence(Images images, KRaftImage known, long epoch) {
        return retrying(() -> heartbeat(known, epoch, false))
                .thenCompose(reply -> reply.isFenced()
                        ? images.when(image -> image.offset() > known.offset())
                                .thenCompose(newer -> unfence(images, newer, epoch))
                        : CompletableFuture.completedFuture(null));
    }

    private @Nullable BrokerRegistration known(KRaftImage image) {
        return image.kafka().cluster().broker(nodeId);
    }

    private boolean isRegistered(KRaftImage image, long epoch) {
        BrokerRegistration known = known(image);
        return known != null && known.epoch() == epoch;
    }

    /** A broker caught in the middle of leaving cannot be called back, only begun anew. */
    private CompletableFuture<Void> retire(@Nullable BrokerRegistration known) {
        boolean leaving = known != null && known.inControlledShutdown();
        return leaving ? controller.unregisterBroker(AS_BROKER, nodeId) : CompletableFuture.completedFuture(null);
    }

    private BrokerRegistrationRequestData registration(@Nullable BrokerRegistration known) {
        boolean continues = known != null && !known.inControlledShutdown();
        return new BrokerRegistrationRequestData()
                .setBrokerId(nodeId)
                .setClusterId(directory.clusterId())
                .setIncarnationId(known != null && continues ? known.incarnationId() : Uuid.randomUuid())
                .setListeners(endpoints())
                .setFeatures(supportedFeatures())
                .setLogDirs(List.of(directory.directoryId()));
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

    /** The controller takes no port 0. A free port is not known yet, and clients are told the one they connected to. */
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

    private CompletableFuture<BrokerHeartbeatReply> heartbeat(KRaftImage image, long epoch, boolean wantFence) {
        return controller.processBrokerHeartbeat(
                AS_BROKER,
                new BrokerHeartbeatRequestData()
                        .setBrokerId(nodeId)
                        .setBrokerEpoch(epoch)
                        .setCurrentMetadataOffset(image.offset())
                        .setWantFence(wantFence));
    }

    /** Calls until the controller is active. */
    private <T> CompletableFuture<T> retrying(Supplier<CompletableFuture<T>> call) {
        return call.get()
                .exceptionallyCompose(failure -> failure instanceof NotControllerException
                        ? CompletableFuture.runAsync(() -> {}, this::afterPause).thenCompose(paused -> retrying(call))
                        : CompletableFuture.failedFuture(failure));
    }

    private void afterPause(Runnable task) {
        var unused = scheduler.schedule(task, RETRY_MS, TimeUnit.MILLISECONDS);
    }
}
