package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonCluster;
import java.io.IOException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Another process has taken the node id of a broker that lives and has no reason to call the controller. */
class ReplacedBrokerIT {
    private static final int SESSION_MS = 60 * 60_000;
    private static final int HEARTBEAT_MS = SESSION_MS / 2;

    @Test
    void aBrokerStopsAsSoonAsTheMetadataShowAnotherProcessInItsPlace() throws Exception {
        try (AeonCluster cluster = Aeon.cluster(3)
                        .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                        .set("aeon.kafka.broker.heartbeat.interval.ms", HEARTBEAT_MS)
                        .set("aeon.kafka.controller.quorum.fetch.timeout.ms", 30_000)
                        .start();
                Admin admin = new Clients(cluster.bootstrapServers()).admin()) {
            int active = done(admin.describeMetadataQuorum().quorumInfo()).leaderId();
            int replaced = cluster.nodes().stream()
                    .filter(node -> node != active)
                    .findFirst()
                    .orElseThrow();
            unregister(replaced, cluster.node(active));

            WireBroker other = new WireBroker(replaced, WireClient.controllerOf(cluster.node(active)));
            try {
                assertThat(cluster.node(replaced).whenStopped().toCompletableFuture())
                        .failsWithin(Clients.PATIENCE)
                        .withThrowableThat()
                        .withMessageContaining("Another node has registered as broker " + replaced);
            } finally {
                other.close();
            }
        }
    }

    /** By another broker: a broker refuses to unregister itself. */
    private static void unregister(int broker, Aeon by) throws IOException {
        try (WireClient client = new WireClient("localhost", by.port())) {
            UnregisterBrokerResponseData answer = client.call(
                    ApiKeys.UNREGISTER_BROKER,
                    0,
                    new UnregisterBrokerRequestData().setBrokerId(broker),
                    UnregisterBrokerResponseData.class);
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        }
    }
}
