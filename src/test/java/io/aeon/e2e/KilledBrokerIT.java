package io.aeon.e2e;

import static io.aeon.e2e.Clients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.control.BrokerControl;
import io.aeon.control.InjectedFault;
import io.aeon.control.Requests;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonBuilder;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients see of a broker that a test kills and starts again in this JVM. */
class KilledBrokerIT {
    private static final String TOPIC = "orders";

    @ParameterizedTest
    @CsvSource({"os, false, true", "sync, false, true", "sync, true, true", "os, true, false"})
    void clientsGoOnWithWhatTheFlushModePromises(String flush, boolean powerCut, boolean keeps) throws Exception {
        try (Aeon broker = restartable().set("aeon.log.flush", flush).start()) {
            Clients clients = new Clients(broker);
            clients.create(TOPIC, 1, Map.of());
            BrokerControl control = broker.control();
            try (Producer<String, String> producer = clients.producer(Map.of("retry.backoff.ms", 10))) {
                send(producer, "before");
                var late = clients.producer(Map.of("retry.backoff.ms", 10));
                InjectedFault hold = control.requests("Produce").times(1).hold();
                var held = late.send(new ProducerRecord<>(TOPIC, "during"));
                await().until(() -> hold.hits() == 1);

                if (powerCut) {
                    control.cutPower();
                } else {
                    control.kill();
                }
                assertThatThrownBy(control::kill).isInstanceOf(IllegalStateException.class);
                control.restart();

                held.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                late.close();
                send(producer, "after");
            }
            List<String> expected = keeps ? List.of("before", "during", "after") : List.of("during", "after");
            assertThat(Clients.values(clients.read(TOPIC, 0, expected.size()))).isEqualTo(expected);
            assertThatThrownBy(control::restart)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the broker runs");
        }
    }

    private static AeonBuilder restartable() {
        return Aeon.builder().set("aeon.listeners.client.port", RestartPorts.next());
    }

    private static void send(Producer<String, String> producer, String value) throws Exception {
        producer.send(new ProducerRecord<>(TOPIC, value)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** A client takes an answer for that of its oldest request. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsAnsweredAfterARequestThatWasNot(boolean drops) {
        Aeon broker = Aeon.builder().start();
        try (WireClient client = new WireClient("127.0.0.1", broker.port())) {
            Requests requests = broker.control().requests("Metadata").times(1);
            InjectedFault fault = drops ? requests.drop() : requests.hold();
            client.send(ApiKeys.METADATA, 12, new MetadataRequestData());
            client.send(ApiKeys.API_VERSIONS, 3, new ApiVersionsRequestData());
            await().until(() -> fault.hits() == 1);

            broker.control().kill();

            assertThatThrownBy(() -> client.receive(ApiKeys.METADATA, 12))
                    .isInstanceOf(UncheckedIOException.class)
                    .rootCause()
                    .isNotInstanceOf(SocketTimeoutException.class);
        } finally {
            broker.close();
        }
    }

    @Test
    void aRestartThatFailsCanBeTriedAgainWithTheSameData() throws Exception {
        try (Aeon broker = restartable().start()) {
            Clients clients = new Clients(broker);
            clients.create(TOPIC, 1, Map.of());
            clients.send(TOPIC, List.of("before"), Map.of());
            BrokerControl control = broker.control();
            control.kill();

            try (ServerSocket taken = new ServerSocket(broker.port(), 1, InetAddress.getLoopbackAddress())) {
                assertRestartFails(control, "cannot bind 127.0.0.1:" + taken.getLocalPort());
                assertRestartFails(control, "cannot bind 127.0.0.1:" + taken.getLocalPort());
            }
            Thread.currentThread().interrupt();
            assertRestartFails(control, "the start was interrupted");
            assertThat(Thread.interrupted()).isTrue();
            control.restart();

            assertThat(Clients.values(clients.read(TOPIC, 0, 1))).containsExactly("before");
        }
    }

    private static void assertRestartFails(BrokerControl control, String why) {
        assertThatThrownBy(control::restart)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(why);
    }

    /** The disk is still slow for the next run. */
    @Test
    void aSlowDiskDoesNotHoldUpTheEndOfTheBroker() throws Exception {
        try (Aeon broker = restartable().start()) {
            Clients clients = new Clients(broker);
            clients.create(TOPIC, 1, Map.of());
            clients.send(TOPIC, List.of("before"), Map.of());
            BrokerControl control = broker.control();
            InjectedFault slow = control.disk().slow(Duration.ofSeconds(Long.MAX_VALUE));
            try (Producer<String, String> producer = clients.producer(Map.of("retry.backoff.ms", 10))) {
                var held = producer.send(new ProducerRecord<>(TOPIC, "during"));
                await().until(() -> slow.hits() > 0);

                control.kill();
                int hits = slow.hits();
                control.restart();

                await().until(() -> slow.hits() > hits);
                slow.close();
                held.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(Clients.values(clients.read(TOPIC, 0, 2))).containsExactly("before", "during");
        }
    }

    @Test
    void aKilledBrokerIsClosedWithItsDirectory() {
        Aeon broker = Aeon.builder().start();
        broker.control().kill();

        broker.close();

        assertThat(broker.whenStopped().toCompletableFuture()).isCompleted();
    }
}
