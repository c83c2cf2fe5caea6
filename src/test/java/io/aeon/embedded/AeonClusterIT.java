package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.control.InjectedFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lifecycle of a cluster inside this JVM. */
class AeonClusterIT {
    @Test
    void aSecondCloseHasNoEffectAndNoNodeStartsAfterwards() {
        AeonCluster cluster = Aeon.cluster(1).start();
        cluster.close();
        cluster.close();

        assertThat(cluster.nodes()).isEmpty();
        assertThatThrownBy(() -> cluster.start(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the cluster is closed");
    }

    @Test
    void aNodeThatStoppedByItselfStartsAgainAndOneThatItsControlKilledRestartsThere() {
        try (AeonCluster cluster = Aeon.cluster(3).start()) {
            cluster.node(2).close();
            assertThat(cluster.nodes()).containsExactly(1, 3);
            cluster.start(2);
            assertThat(cluster.nodes()).containsExactly(1, 2, 3);
            assertThatThrownBy(() -> cluster.start(2)).hasMessage("node 2 runs");
            assertThatThrownBy(() -> cluster.start(4)).hasMessage("node 4 is none of the 3 nodes");

            cluster.node(3).control().kill();
            assertThat(cluster.nodes()).containsExactly(1, 2);
            assertThatThrownBy(() -> cluster.start(3))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("node 3 was killed by its control(); restart it there");
            cluster.node(3).control().restart();
            assertThat(cluster.nodes()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aNodeKeepsItsPortsWhereverTheSettingsSayThatTheyAreFree() {
        for (Map<String, Object> settings : List.<Map<String, Object>>of(
                Map.of("aeon.kafka.listeners", "PLAINTEXT://127.0.0.1:0,INTERNAL://127.0.0.1:0"),
                Map.of("aeon.listeners", Map.of("client", Map.of("port", 0), "controller", Map.of("port", 0))))) {
            AeonClusterBuilder builder = Aeon.cluster(1);
            settings.forEach(builder::set);
            try (AeonCluster cluster = builder.start()) {
                Map<String, Object> ports = cluster.node(1).ports();

                cluster.stop(1);
                cluster.start(1);

                assertThat(cluster.node(1).ports()).isEqualTo(ports);
            }
        }
    }

    /** A part that waited for the disk would be left open after a minute and keep the data directory locked. */
    @Test
    void aNodeWhoseDiskHangsIsKilledAtOnceAndStartsAgain() throws Exception {
        try (AeonCluster cluster = Aeon.cluster(3).start()) {
            Aeon node = cluster.node(2);
            InjectedFault slow = node.control().disk().slow(Duration.ofSeconds(Long.MAX_VALUE));
            Map<String, Object> servers = Map.of("bootstrap.servers", cluster.bootstrapServers());
            try (Admin admin = Admin.create(servers)) {
                NewTopic topic = new NewTopic("topic", Map.of(0, List.of(2)));
                admin.createTopics(List.of(topic)).all().get();
            }
            var producer = new KafkaProducer<>(servers, new StringSerializer(), new StringSerializer());
            var unused = producer.send(new ProducerRecord<>("topic", "value"));
            await().until(() -> slow.hits() > 0);
            producer.close(Duration.ZERO);

            cluster.kill(2);

            assertThatThrownBy(() -> node.control().restart()).hasMessage("the broker is closed");
            cluster.start(2);
            assertThat(cluster.nodes()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void settingsThatTheClusterGivesToEachNodeAreRefused() {
        for (String own : List.of("data-dir", "further-data-dirs", "node-id", "join", "roles")) {
            assertThatThrownBy(() -> Aeon.cluster(1).set("aeon." + own, "1"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("aeon." + own)
                    .hasMessageContaining("dataDirectory(Path)");
            assertThatThrownBy(() -> Aeon.cluster(1).set("aeon", Map.of(own, "1")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Aeon.cluster(1).set("aeon.kafka.process.roles", "broker"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            aeon.listeners.client.port     | 9092                        | aeon.listeners.client.port
            aeon.listeners.controller.port | 9093                        | aeon.listeners.controller.port
            aeon.kafka.listeners           | PLAINTEXT://127.0.0.1:9092  | aeon.listeners.client.port
            aeon.console.port              | 9644                        | aeon.console.port
            """)
    void aPortThatAllNodesWouldHaveIsRefused(String path, String value, String named) {
        assertThatThrownBy(() -> Aeon.cluster(2).set(path, value).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(named + ": 2 nodes cannot all have port 9");
    }
}
