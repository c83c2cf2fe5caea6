package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.embedded.Aeon;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that are told to authenticate, on listeners that do not. */
class SaslClientsIT {
    private static final Map<String, Object> SASL = Map.of(
            "security.protocol", "SASL_PLAINTEXT",
            "sasl.mechanism", "PLAIN",
            "sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"p\";");

    private static Aeon node;

    @BeforeAll
    static void start() {
        node = Aeon.builder().set("aeon.listeners.controller.port", 0).start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aBrokerTellsThemThatTheyCannot() {
        assertRefused(Map.of("bootstrap.servers", node.bootstrapServers()));
    }

    @Test
    void aControllerTellsThemThatTheyCannot() {
        assertRefused(Map.of("bootstrap.controllers", node.controller().orElseThrow()));
    }

    private static void assertRefused(Map<String, Object> address) {
        Map<String, Object> settings = new HashMap<>(SASL);
        settings.putAll(address);
        try (Admin admin = Admin.create(settings)) {
            KafkaFuture<String> cluster = admin.describeCluster().clusterId();
            assertThatThrownBy(() -> cluster.get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalSaslStateException.class);
        }
    }
}
