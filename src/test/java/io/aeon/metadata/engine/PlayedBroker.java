package io.aeon.metadata.engine;

import io.aeon.PatientWaits;
import io.aeon.metadata.node.KRaft;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.Uuid;
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
import org.apache.kafka.controller.QuorumFeatures;

/** Registers a broker that a test plays with the controller of another broker. */
public final class PlayedBroker {
    private static final ControllerRequestContext CONTEXT =
            new ControllerRequestContext(new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());

    private PlayedBroker() {}

    /**
     * Puts a new broker into service.
     *
     * @return its broker epoch
     */
    public static long join(KRaft metadata, int id, int port) {
        QuorumController controller = metadata.engine().controller();
        FeatureCollection features = new FeatureCollection();
        QuorumFeatures.defaultSupportedFeatureMap(false)
                .forEach((name, range) -> features.add(new Feature()
                        .setName(name)
                        .setMinSupportedVersion(range.min())
                        .setMaxSupportedVersion(range.max())));
        ListenerCollection listeners = new ListenerCollection();
        listeners.add(new Listener()
                .setName("PLAINTEXT")
                .setHost("localhost")
                .setPort(port)
                .setSecurityProtocol(SecurityProtocol.PLAINTEXT.id));
        BrokerRegistrationRequestData registration = new BrokerRegistrationRequestData()
                .setBrokerId(id)
                .setClusterId(metadata.image().clusterId())
                .setIncarnationId(Uuid.randomUuid())
                .setListeners(listeners)
                .setFeatures(features)
                .setLogDirs(List.of(Uuid.randomUuid()));
        long epoch = PatientWaits.done(controller.registerBroker(CONTEXT, registration))
                .epoch();
        PatientWaits.done(controller.processBrokerHeartbeat(
                CONTEXT,
                new BrokerHeartbeatRequestData()
                        .setBrokerId(id)
                        .setBrokerEpoch(epoch)
                        .setCurrentMetadataOffset(Long.MAX_VALUE)
                        .setWantFence(false)));
        return epoch;
    }
}
