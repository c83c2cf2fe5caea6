package io.aeon.metadata.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.config.ListenerSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.metadata.VersionRange;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    private static final Uuid ID = new Uuid(1, 2);

    @Test
    void kafkaBrokersFindTheListenersByTheNamesThatKafkaGivesThem() {
        Registration registration = new Registration(
                4,
                Optional.empty(),
                "cluster",
                List.of(ID),
                List.of(
                        new ListenerSettings("client", "127.0.0.1", 0, "", 0),
                        new ListenerSettings("internal", "127.0.0.1", 0, "broker.example", 0)),
                Map.of("group.version", VersionRange.of(0, 1)));

        BrokerRegistrationRequestData request = registration.request(
                ID,
                Map.of(
                        "client",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 7),
                        "internal",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 8)));

        assertThat(request.listeners())
                .extracting(each -> each.name() + "://" + each.host() + ":" + each.port())
                .containsExactly("PLAINTEXT://127.0.0.1:7", "INTERNAL://broker.example:8");
        assertThat(request.features())
                .extracting(each -> each.name() + " " + each.minSupportedVersion() + "-" + each.maxSupportedVersion())
                .containsExactly("group.version 0-1");
    }
}
