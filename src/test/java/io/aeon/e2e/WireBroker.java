package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.FeatureCollection;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Listener;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.ListenerCollection;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** A broker that a test plays towards the controller listener of a node. It has a port, and takes no requests there. */
final class WireBroker implements AutoCloseable {
    private static final byte CONTROLLERS = 2;

    private final int id;
    private final ServerSocket port;
    private final Uuid directory = Uuid.randomUuid();
    private final long epoch;
    private WireClient controller;

    /** Registers a new broker and puts it into service. */
    WireBroker(int id, WireClient controller) throws IOException {
        this.id = id;
        this.controller = controller;
        this.port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        BrokerRegistrationResponseData answer = register(controller, directory, -1);
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        this.epoch = answer.brokerEpoch();
        heartbeat(controller);
    }

    /** Registers the next incarnation of this broker with its data directory. */
    Errors registerAgain(WireClient connection) {
        return Errors.forCode(register(connection, directory, epoch).errorCode());
    }

    /** Registers another broker that was given the same id and address. */
    Errors registerOther(WireClient connection) {
        return Errors.forCode(register(connection, Uuid.randomUuid(), -1).errorCode());
    }

    private BrokerRegistrationResponseData register(WireClient connection, Uuid logDir, long previousEpoch) {
        ListenerCollection listeners = new ListenerCollection();
        listeners.add(new Listener().setName("PLAINTEXT").setHost("127.0.0.1").setPort(port.getLocalPort()));
        BrokerRegistrationRequestData request = new BrokerRegistrationRequestData()
                .setBrokerId(id)
                .setClusterId(clusterId(connection))
                .setIncarnationId(Uuid.randomUuid())
                .setListeners(listeners)
                .setFeatures(features(connection))
                .setLogDirs(List.of(logDir))
                .setPreviousBrokerEpoch(previousEpoch);
        return connection.call(ApiKeys.BROKER_REGISTRATION, 4, request, BrokerRegistrationResponseData.class);
    }

    private static String clusterId(WireClient controller) {
        return controller
                .call(
                        ApiKeys.DESCRIBE_CLUSTER,
                        1,
                        new DescribeClusterRequestData().setEndpointType(CONTROLLERS),
                        DescribeClusterResponseData.class)
                .clusterId();
    }

    private static FeatureCollection features(WireClient controller) {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("played").setClientSoftwareVersion("1");
        FeatureCollection features = new FeatureCollection();
        controller
                .call(ApiKeys.API_VERSIONS, 4, request, ApiVersionsResponseData.class)
                .supportedFeatures()
                .forEach(each -> features.add(new Feature()
                        .setName(each.name())
                        .setMinSupportedVersion(each.minVersion())
                        .setMaxSupportedVersion(each.maxVersion())));
        return features;
    }

    /** Sends a heartbeat over a connection, which this broker has from now on. */
    void heartbeat(WireClient connection) {
        controller = connection;
        BrokerHeartbeatRequestData request = new BrokerHeartbeatRequestData()
                .setBrokerId(id)
                .setBrokerEpoch(epoch)
                .setCurrentMetadataOffset(Long.MAX_VALUE);
        BrokerHeartbeatResponseData answer =
                controller.call(ApiKeys.BROKER_HEARTBEAT, 1, request, BrokerHeartbeatResponseData.class);
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
    }

    void disconnect() {
        controller.close();
    }

    void closePort() throws IOException {
        port.close();
    }

    @Override
    public void close() throws IOException {
        disconnect();
        closePort();
    }
}
