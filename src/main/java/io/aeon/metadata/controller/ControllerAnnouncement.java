package io.aeon.metadata.controller;

import io.aeon.metadata.channel.BrokerCalls;
import io.aeon.metadata.channel.ControllerConnections;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ControllerRegistrationRequestData;
import org.apache.kafka.common.message.ControllerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.ControllerRegistrationRequestData.FeatureCollection;
import org.apache.kafka.common.message.ControllerRegistrationRequestData.Listener;
import org.apache.kafka.common.message.ControllerRegistrationRequestData.ListenerCollection;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.metadata.VersionRange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the active controller the address and the features of this node's controller (KIP-919), once at each start, and
 * again until it is told.
 */
public final class ControllerAnnouncement {
    private static final Logger logger = LoggerFactory.getLogger(ControllerAnnouncement.class);
    private static final long RETRY_MS = 1000;

    private final ControllerRegistrationRequestData request;
    private final BrokerCalls calls;
    private final ScheduledExecutorService scheduler;

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
        var unused = calls.register(request).whenComplete((done, failure) -> {
            if (failure != null) {
                logger.debug("The registration of this controller has failed and is repeated", failure);
                again();
            }
        });
    }

    private void again() {
        try {
            var unused = scheduler.schedule(this::make, RETRY_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            logger.debug("The engine has closed", e);
        }
    }
}
