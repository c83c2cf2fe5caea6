package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.PatientWaits;
import io.aeon.api.telemetry.ClientMetrics;
import io.aeon.embedded.Aeon;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kafka's clients push the metrics to which the cluster is subscribed (KIP-714). */
class ClientTelemetryIT {
    private static Aeon broker;
    private static Clients clients;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = Aeon.builder().start();
        clients = new Clients(broker);
        admin = clients.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void aProducerPushesWhatTheSubscriptionWantsOfIt() throws Exception {
        subscribe(
                "producers",
                Map.of(
                        "metrics", "org.apache.kafka.producer.record.",
                        "interval.ms", "100",
                        "match", "client_id=pushing,client_software_name=apache-kafka-java"));

        try (var producer = clients.producer(Map.of("client.id", "pushing"));
                var other = clients.producer(Map.of("client.id", "not-asked"))) {
            producer.send(new ProducerRecord<>("pushed", "value")).get();
            other.send(new ProducerRecord<>("pushed", "value")).get();
            Uuid id = producer.clientInstanceId(Clients.PATIENCE);

            Awaitility.await()
                    .atMost(PatientWaits.LIMIT)
                    .untilAsserted(() -> assertThat(metricsOf("pushing"))
                            .isNotEmpty()
                            .allMatch(name -> name.startsWith("org.apache.kafka.producer.record.")));
            assertThat(broker.clientMetrics())
                    .filteredOn(each -> each.clientId().equals("pushing"))
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.clientInstanceId()).isEqualTo(id);
                        assertThat(each.software()).startsWith("apache-kafka-java ");
                        assertThat(each.address()).isEqualTo("127.0.0.1");
                    });
            assertThat(other.clientInstanceId(Clients.PATIENCE)).isNotEqualTo(id);
            assertThat(metricsOf("not-asked")).isEmpty();
        }
    }

    @Test
    void subscriptionsAreListedDescribedAndDeleted() {
        ConfigResource some = subscribe("some", Map.of("metrics", "a.,b."));

        assertThat(listed()).contains("some");
        Config described = done(admin.describeConfigs(List.of(some)).all()).get(some);
        assertThat(described.entries())
                .extracting(ConfigEntry::name)
                .containsExactlyInAnyOrder("interval.ms", "match", "metrics");
        assertThat(described.get("metrics").value()).isEqualTo("a.,b.");
        assertThat(described.get("metrics").source()).isEqualTo(ConfigSource.DYNAMIC_CLIENT_METRICS_CONFIG);
        assertThat(described.get("interval.ms").value()).isEqualTo("300000");
        assertThat(described.get("interval.ms").source()).isEqualTo(ConfigSource.DEFAULT_CONFIG);

        alter(some, new ConfigEntry("metrics", ""), OpType.DELETE);
        assertThat(listed()).doesNotContain("some");
        assertThatThrownBy(() -> alter(some, new ConfigEntry("match", "client_id=("), OpType.SET))
                .hasCauseInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("Illegal client matching pattern: client_id=(");
    }

    private static Set<String> metricsOf(String clientId) {
        return broker.clientMetrics().stream()
                .filter(each -> each.clientId().equals(clientId))
                .flatMap(each -> metrics(each).stream())
                .collect(Collectors.toSet());
    }

    private static List<String> metrics(ClientMetrics pushed) {
        ByteBuffer otlp = pushed.otlp().duplicate();
        try {
            return MetricsData.parseFrom(otlp).getResourceMetricsList().stream()
                    .flatMap(resource -> resource.getScopeMetricsList().stream())
                    .flatMap(scope -> scope.getMetricsList().stream())
                    .map(Metric::getName)
                    .toList();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> listed() {
        return done(admin.listConfigResources(
                                Set.of(ConfigResource.Type.CLIENT_METRICS), new ListConfigResourcesOptions())
                        .all())
                .stream()
                .map(ConfigResource::name)
                .toList();
    }

    private static ConfigResource subscribe(String name, Map<String, String> settings) {
        ConfigResource subscription = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, name);
        done(admin.incrementalAlterConfigs(Map.of(
                        subscription,
                        settings.entrySet().stream()
                                .map(each ->
                                        new AlterConfigOp(new ConfigEntry(each.getKey(), each.getValue()), OpType.SET))
                                .toList()))
                .all());
        return subscription;
    }

    private static void alter(ConfigResource resource, ConfigEntry entry, OpType operation) {
        done(admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, operation))))
                .all());
    }
}
