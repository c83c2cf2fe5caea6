package io.aeon.embedded;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.PatientWaits;
import io.aeon.e2e.RestartPorts;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes with several listeners, one of which other nodes cannot reach, as behind an address translation. */
class NodeListenersIT {
    @ParameterizedTest
    @CsvSource({"PLAINTEXT, internal", "internal, client"})
    void nodesReachEachOtherByTheListenerThatIsNamed(String named, String unreachable) {
        try (AeonCluster cluster = Aeon.cluster(3)
                .set("aeon.listeners.internal.port", 0)
                .set("aeon.listeners." + unreachable + ".advertised-port", RestartPorts.next())
                .set("aeon.kafka.inter.broker.listener.name", named)
                .start()) {
            String servers = cluster.node(1).metadata().image().brokers().stream()
                    .map(broker -> broker.endpoint(named).orElseThrow())
                    .map(endpoint -> endpoint.host() + ":" + endpoint.port())
                    .collect(joining(","));
            createReplicated("kept", servers);

            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", servers, "acks", "all"),
                    new StringSerializer(),
                    new StringSerializer())) {
                assertThat(producer.send(new ProducerRecord<>("kept", "on all three")))
                        .succeedsWithin(PatientWaits.LIMIT);
            }
        }
    }

    private static void createReplicated(String topic, String servers) {
        NewTopic replicated = new NewTopic(topic, 1, (short) 3).configs(Map.of("min.insync.replicas", "3"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            assertThat(admin.createTopics(List.of(replicated)).all().toCompletionStage())
                    .succeedsWithin(PatientWaits.LIMIT);
        }
    }
}
