package io.aeon.e2e;

import static io.aeon.e2e.WireClient.controllerOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.util.List;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A controller and brokers that the test plays. No session expires during the test. */
class BrokerFencingIT {
    private static final int SESSION_MS = 30 * 60_000;

    @Test
    void aBrokerIsFencedAtOnceIfItsConnectionEndsAndItsPortRefuses() throws Exception {
        try (Aeon node = Aeon.builder()
                        .set("aeon.listeners.controller.port", 0)
                        .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                        .start();
                WireClient client = new WireClient("localhost", node.port());
                WireBroker lives = new WireBroker(21, controllerOf(node));
                WireBroker gone = new WireBroker(22, controllerOf(node))) {
            await().until(() -> inService(client).containsAll(List.of(21, 22)));

            lives.disconnect();
            gone.closePort();
            gone.disconnect();

            await().until(() -> !inService(client).contains(22));
            assertThat(inService(client)).contains(21);

            gone.heartbeat(controllerOf(node));
            await().until(() -> inService(client).contains(22));
        }
    }

    @Test
    void aBrokerThatWasKilledIsAdmittedAtOnceWithItsDataOnly() throws Exception {
        try (Aeon node = Aeon.builder()
                        .set("aeon.listeners.controller.port", 0)
                        .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                        .start();
                WireBroker killed = new WireBroker(22, controllerOf(node));
                WireClient next = controllerOf(node)) {
            assertThat(killed.registerAgain(next)).as("it lives").isEqualTo(Errors.DUPLICATE_BROKER_REGISTRATION);

            killed.disconnect();

            assertThat(killed.registerOther(next)).isEqualTo(Errors.DUPLICATE_BROKER_REGISTRATION);
            await().until(() -> killed.registerAgain(next) == Errors.NONE);
        }
    }

    @Test
    void aBrokerThatHasLostOneOfItsConnectionsLives() throws Exception {
        try (Aeon node = Aeon.builder()
                        .set("aeon.listeners.controller.port", 0)
                        .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                        .start();
                WireClient client = new WireClient("localhost", node.port());
                WireClient lost = controllerOf(node);
                WireBroker gone = new WireBroker(21, lost);
                WireBroker lives = new WireBroker(22, lost);
                WireClient next = controllerOf(node)) {
            lives.heartbeat(controllerOf(node));
            await().until(() -> inService(client).containsAll(List.of(21, 22)));

            gone.closePort();
            gone.disconnect();
            await().until(() -> !inService(client).contains(21));

            assertThat(lives.registerAgain(next)).isEqualTo(Errors.DUPLICATE_BROKER_REGISTRATION);
        }
    }

    private static List<Integer> inService(WireClient client) {
        return client
                .call(ApiKeys.DESCRIBE_CLUSTER, 1, new DescribeClusterRequestData(), DescribeClusterResponseData.class)
                .brokers()
                .stream()
                .map(DescribeClusterBroker::brokerId)
                .toList();
    }
}
