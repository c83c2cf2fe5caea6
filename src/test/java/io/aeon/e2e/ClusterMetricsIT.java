package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the metrics of three nodes tell of replication, while all run and when one is gone. */
class ClusterMetricsIT {
    /** No follower is slow during a test. */
    private static final int LONG_MS = 30 * 60_000;

    private static final String MANAGER = "kafka_server_replicamanager_";
    private static final String CONTROLLER = "kafka_controller_kafkacontroller_";
    private static final String ORDERS_0 = "{partition=\"0\",topic=\"orders\"}";

    private AeonCluster cluster;

    @BeforeEach
    void form() {
        cluster = Aeon.cluster(3)
                .set("aeon.kafka.replica.lag.time.max.ms", LONG_MS)
                .start();
        create("orders", Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)));
        new Clients(cluster.node(1)).send("orders", List.of("a", "b", "c"), Map.of("acks", "all"));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void create(String topic, Map<Integer, List<Integer>> replicas) {
        try (Admin admin = new Clients(cluster.bootstrapServers()).admin()) {
            NewTopic created = new NewTopic(topic, replicas).configs(Map.of("min.insync.replicas", "2"));
            done(admin.createTopics(List.of(created)).all());
        }
    }

    private double of(int node, String series) {
        return ScrapedMetrics.of(cluster.node(node)).of(series);
    }

    private double sum(String series) {
        return cluster.nodes().stream().mapToDouble(node -> of(node, series)).sum();
    }

    private static void until(ThrowingRunnable holds) {
        await().atMost(Clients.PATIENCE).untilAsserted(holds);
    }

    @Test
    void aClusterInSync() {
        until(() -> {
            assertThat(sum(CONTROLLER + "activecontrollercount")).isOne();
            for (int node : cluster.nodes()) {
                assertThat(of(node, CONTROLLER + "offlinepartitionscount")).isZero();
                assertThat(of(node, CONTROLLER + "activebrokercount")).isEqualTo(3);
                assertThat(of(node, MANAGER + "leadercount")).isOne();
                assertThat(of(node, MANAGER + "partitioncount")).isEqualTo(3);
                assertThat(of(node, MANAGER + "underreplicatedpartitions")).isZero();
                assertThat(of(node, "kafka_log_log_logendoffset" + ORDERS_0)).isEqualTo(3);
                assertThat(of(node, "kafka_server_replicafetchermanager_maxlag{clientId=\"Replica\"}"))
                        .isZero();
            }
            assertThat(of(
                            2,
                            "kafka_server_fetcherlagmetrics_consumerlag"
                                    + "{clientId=\"ReplicaFetcherThread-0-1\",partition=\"0\",topic=\"orders\"}"))
                    .isZero();
            assertThat(sum("kafka_server_brokertopicmetrics_replicationbytesin_total{topic=\"orders\"}"))
                    .isEqualTo(2 * of(1, "kafka_log_log_size" + ORDERS_0))
                    .isEqualTo(of(1, "kafka_server_brokertopicmetrics_replicationbytesout_total{topic=\"orders\"}"));
        });
    }

    @Test
    void aNodeThatStopsAndReturns() {
        cluster.stop(3);

        until(() -> {
            assertThat(sum(CONTROLLER + "activecontrollercount")).isOne();
            assertThat(sum(MANAGER + "leadercount")).isEqualTo(3);
            assertThat(sum(MANAGER + "underreplicatedpartitions")).isEqualTo(3);
            assertThat(sum(MANAGER + "atminisrpartitioncount")).isEqualTo(3);
            assertThat(sum(MANAGER + "underminisrpartitioncount")).isZero();
            // The one that node 3 led has another leader, which found it like that.
            assertThat(sum(MANAGER + "isrshrinks_total")).isGreaterThanOrEqualTo(2);
            for (int node : cluster.nodes()) {
                assertThat(of(node, CONTROLLER + "offlinepartitionscount")).isZero();
                assertThat(of(node, CONTROLLER + "activebrokercount")).isEqualTo(2);
                assertThat(of(node, CONTROLLER + "preferredreplicaimbalancecount"))
                        .isOne();
            }
        });

        cluster.start(3);

        until(() -> {
            assertThat(sum(MANAGER + "underreplicatedpartitions")).isZero();
            assertThat(sum(MANAGER + "isrexpands_total")).isGreaterThanOrEqualTo(3);
            assertThat(sum(MANAGER + "leadercount")).isEqualTo(3);
            assertThat(of(3, MANAGER + "leadercount")).isZero();
        });
    }

    @Test
    void aNodeThatIsKilledWithASoleReplicaAndTheActiveController() {
        int killed = await().atMost(Clients.PATIENCE)
                .until(
                        () -> cluster.nodes().stream()
                                .filter(node -> of(node, CONTROLLER + "activecontrollercount") == 1)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        create("sole", Map.of(0, List.of(killed)));

        cluster.kill(killed);

        until(() -> {
            assertThat(sum(CONTROLLER + "activecontrollercount")).isOne();
            assertThat(sum(MANAGER + "leadercount")).isEqualTo(3);
            assertThat(sum(MANAGER + "underreplicatedpartitions")).isEqualTo(3);
            for (int node : cluster.nodes()) {
                assertThat(of(node, CONTROLLER + "offlinepartitionscount")).isOne();
                assertThat(of(node, CONTROLLER + "fencedbrokercount")).isOne();
            }
        });
    }
}
