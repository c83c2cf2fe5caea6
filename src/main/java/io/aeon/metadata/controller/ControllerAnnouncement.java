package io.aeon.metadata.controller;

import io.aeon.metadata.channel.BrokerCalls;
import io.aeon.metadata.channel.ControllerConnections;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ControllerRegistrationRequestData;
import org.apache.kafka.common.message.ControllerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.ControllerRegistrationRequestData.FeatureCollection;
import org.apache.kafka.common.message.ControllerRegistrationRequestData.Listener;
import org.apache.kafka.common.message.ControllerRegistrationRequestData.ListenerCollection;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.image.ClusterDelta;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.VersionRange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the active controller the address and the features of this node's controller (KIP-919): at each start, when the
 * registration is removed while this node runs, and again until it is told. Thread-safe.
 */
public final class ControllerAnnouncement implements MetadataPublisher {
    private static final Logger logger = LoggerFactory.getLogger(ControllerAnnouncement.class);
    private static final long RETRY_MS = 1000;

    private final ControllerRegistrationRequestData request;
    private final BrokerCalls calls;
    private final ScheduledExecutorService scheduler;
    /** How often it has become necessary to tell it since that was last done; one call at a time is in progress. */
    private final AtomicInteger necessary = new AtomicInteger();

    public ControllerAnnouncement(
            int nodeId,
            Uuid incarnation,
            InetSocketAddress address,
            Map<String, VersionRange> features,
            BrokerCalls calls,
            ScheduledExecutorService scheduler) {
        this.calls = calls;
        this.scheduler = scheduler;
        ListenerCollection listeners = new ListenerCollection();
        listeners.add(new Listener()
                .setName(ControllerConnections.LISTENER.value())
                .setHost(address.getHostString())
                .setPort(address.getPort())
                .setSecurityProtocol(SecurityProtocol.PLAINTEXT.id));
        FeatureCollection supported = new FeatureCollection();
        features.forEach((name, range) -> supported.add(
                new Feature().setName(name).setMinSupportedVersion(range.min()).setMaxSupportedVersion(range.max())));
        this.request = new ControllerRegistrationRequestData()
                .setControllerId(nodeId)
                .setIncarnationId(incarnation)
                .setListeners(listeners)
                .setFeatures(supported);
    }

    /** Begins to tell it. */
    public void make() {
        if (necessary.getAndIncrement() == 0) {
            send();
        }
    }

    /** A registration that is removed while this call is in progress may have been the one that it makes. */
    private void send() {
        int fulfilled = necessary.get();
        var unused = calls.register(request).whenComplete((done, failure) -> {
            if (failure != null) {
                logger.debug("The registration of this controller has failed and is repeated", failure);
                sendLater();
            } else if (!necessary.compareAndSet(fulfilled, 0)) {
                send();
            }
        });
    }

    private void sendLater() {
        try {
            var unused = scheduler.schedule(this::send, RETRY_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            logger.debug("The engine has closed", e);
        }
    }

    @Override
    public String name() {
        return "ControllerAnnouncement";
    }

    @Override
    public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
        ClusterDelta cluster = delta.clusterDelta();
        int nodeId = request.controllerId();
        if (cluster != null
                && cluster.changedControllers().containsKey(nodeId)
                && !image.cluster().controllers().containsKey(nodeId)) {
            logger.info("The registration of this controller has been removed and is made again");
            make();
        }
    }

    @Override
    public void close() {}
}
