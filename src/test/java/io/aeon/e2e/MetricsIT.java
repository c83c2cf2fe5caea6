package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of a broker after a known load. */
class MetricsIT {
    private static final int RECORDS = 100;
    private static final int COMMITTED = 60;
    private static final String GROUP = "strange \"group\"\\\n\u2028";
    private static final String SHOWN = "strange \\\"group\\\"\\\\\\\\u000a\\\\u2028";
    private static final String ORDERS = "{topic=\"orders\"}";
    private static final String ORDERS_0 = "{partition=\"0\",topic=\"orders\"}";
    private static final String COMMIT = "{consumergroup=\"lagging\",partition=\"0\",topic=\"orders\"}";

    @TempDir
    static Path dir;

    private static Aeon broker;
    private static ScrapedMetrics scraped;

    @BeforeAll
    static void load() {
        broker = Aeon.builder()
                .dataDirectory(dir)
                .set("aeon.log.idle-timeout", "200ms")
                .set("aeon.console.port", 0)
                .start();
        Clients clients = new Clients(broker);
        clients.create("orders", 3, Map.of());
        clients.create("small", 1, Map.of("max.message.bytes", "100"));
        clients.send("orders", values(RECORDS), Map.of("batch.size", 1_000));
        assertThat(clients.read("orders", 0, RECORDS)).hasSize(RECORDS);
        assertThatThrownBy(() -> clients.send("small", List.of("x".repeat(1_000)), Map.of("retries", 0)));
        try (Admin admin = clients.admin()) {
            commit(admin, "lagging");
            commit(admin, GROUP);
        }
        scraped = complete();
    }

    /** A scrape leaves out what is busy, as the partitions of a new topic are. */
    private static ScrapedMetrics complete() {
        return await().atMost(Clients.PATIENCE).until(() -> ScrapedMetrics.of(broker), scrape -> {
            Set<String> series = scrape.values().keySet();
            return IntStream.range(0, 3)
                            .allMatch(i ->
                                    series.contains("kafka_log_log_size{partition=\"" + i + "\",topic=\"orders\"}"))
                    && series.stream()
                                    .filter(each -> each.startsWith("kafka_consumergroup_lag{"))
                                    .count()
                            == 2;
        });
    }

    private static List<String> values(int count) {
        return IntStream.range(0, count).mapToObj(i -> "value-" + i).toList();
    }

    private static void commit(Admin admin, String group) {
        done(admin.alterConsumerGroupOffsets(
                        group, Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(COMMITTED)))
                .all());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void theTrafficOfATopicIsCounted() throws IOException {
        double bytes = bytesOnDisk();

        assertThat(traffic("messagesin")).isEqualTo(RECORDS);
        assertThat(traffic("bytesin")).isEqualTo(bytes);
        assertThat(traffic("bytesout")).isEqualTo(bytes);
        assertThat(traffic("replicationbytesin")).isZero();
        assertThat(traffic("replicationbytesout")).isZero();
        assertThat(traffic("totalproducerequests")).isBetween(1.0, (double) RECORDS);
        assertThat(traffic("failedproducerequests")).isZero();
        assertThat(traffic("totalfetchrequests")).isPositive();
        assertThat(traffic("failedfetchrequests")).isZero();
        assertThat(scraped.of("kafka_server_brokertopicmetrics_failedproducerequests_total{topic=\"small\"}"))
                .isOne();
        assertThat(scraped.of("kafka_server_brokertopicmetrics_failedproducerequests_total"))
                .isOne();
    }

    private static double bytesOnDisk() throws IOException {
        return Files.size(dir.resolve("orders-0/00000000000000000000.log"));
    }

    private static double traffic(String what) {
        return scraped.of("kafka_server_brokertopicmetrics_" + what + "_total" + ORDERS);
    }

    @Test
    void aPartitionTellsItsSizeItsOffsetsAndItsReplicas() throws IOException {
        assertThat(scraped.of("kafka_log_log_size" + ORDERS_0)).isEqualTo(bytesOnDisk());
        assertThat(scraped.of("kafka_log_log_logstartoffset" + ORDERS_0)).isZero();
        assertThat(scraped.of("kafka_log_log_logendoffset" + ORDERS_0)).isEqualTo(RECORDS);
        assertThat(scraped.of("kafka_topic_partition_current_offset" + ORDERS_0))
                .isEqualTo(RECORDS);
        assertThat(scraped.of("kafka_topic_partition_oldest_offset" + ORDERS_0)).isZero();
        assertThat(scraped.of("kafka_topic_partition_leader" + ORDERS_0)).isOne();
        assertThat(scraped.of("kafka_topic_partition_replicas" + ORDERS_0)).isOne();
        assertThat(scraped.of("kafka_topic_partition_in_sync_replica" + ORDERS_0))
                .isOne();
        assertThat(scraped.of("kafka_topic_partition_under_replicated_partition" + ORDERS_0))
                .isZero();
        assertThat(scraped.of("kafka_cluster_partition_atminisr" + ORDERS_0)).isOne();
        assertThat(scraped.of("kafka_cluster_partition_underminisr" + ORDERS_0)).isZero();
        assertThat(scraped.of("kafka_topic_partitions" + ORDERS)).isEqualTo(3);
        assertThat(scraped.of("kafka_log_log_size{partition=\"2\",topic=\"orders\"}"))
                .isZero();
    }

    @Test
    void requestsAreCountedByApiAndError() {
        assertThat(scraped.of("kafka_network_requestmetrics_requests_total{request=\"CreateTopics\"}"))
                .isEqualTo(2);
        assertThat(scraped.of("kafka_network_requestmetrics_errors_total{error=\"MESSAGE_TOO_LARGE\","
                        + "request=\"Produce\"}"))
                .isOne();
        assertThat(scraped.of("aeon_request_seconds_count{request=\"Produce\"}"))
                .isEqualTo(scraped.of("kafka_network_requestmetrics_requests_total{request=\"Produce\"}"))
                .isEqualTo(scraped.of("aeon_request_seconds_bucket{request=\"Produce\",le=\"+Inf\"}"));
        assertThat(scraped.of("aeon_request_seconds_sum{request=\"Produce\"}")).isPositive();
        assertThat(scraped.of("aeon_fsync_seconds_count")).isPositive();
    }

    @Test
    void aGroupHasItsLagWithoutAnExporter() {
        assertThat(scraped.of("kafka_consumergroup_current_offset" + COMMIT)).isEqualTo(COMMITTED);
        assertThat(scraped.of("kafka_consumergroup_lag" + COMMIT)).isEqualTo(RECORDS - COMMITTED);
        assertThat(scraped.of("kafka_consumergroup_lag_sum{consumergroup=\"lagging\",topic=\"orders\"}"))
                .isEqualTo(RECORDS - COMMITTED);
        assertThat(scraped.of("aeon_groups{protocol=\"classic\",state=\"Empty\"}"))
                .isEqualTo(2);
    }

    @Test
    void aNameThatAClientHasChosenIsEscaped() {
        assertThat(scraped.values())
                .containsKey(
                        "kafka_consumergroup_lag{consumergroup=\"" + SHOWN + "\",partition=\"0\",topic=\"orders\"}");
    }

    @Test
    void theNodeTellsOfItsQuorumAndItsPartitions() {
        assertThat(scraped.of("kafka_server_raftmetrics_current_state{current_state=\"leader\"}"))
                .isOne();
        assertThat(scraped.of("kafka_server_raftmetrics_current_leader")).isOne();
        assertThat(scraped.of("kafka_controller_kafkacontroller_activecontrollercount"))
                .isOne();
        assertThat(scraped.of("kafka_controller_kafkacontroller_offlinepartitionscount"))
                .isZero();
        assertThat(scraped.of("kafka_controller_kafkacontroller_globaltopiccount"))
                .isEqualTo(3);
        assertThat(scraped.of("kafka_server_replicamanager_partitioncount"))
                .isEqualTo(scraped.of("kafka_server_replicamanager_leadercount"))
                .isEqualTo(scraped.of("kafka_controller_kafkacontroller_globalpartitioncount"));
        assertThat(scraped.of("kafka_brokers")).isOne();
        assertThat(scraped.of("kafka_server_raftchannelmetrics_request_total")).isZero();
        assertThat(scraped.of("kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent"))
                .isBetween(0.0, 1.0);
    }

    @Test
    void openConnectionsAreCounted() {
        String connections =
                "kafka_server_socket_server_metrics_connection_count{listener=\"client\",networkProcessor=\"0\"}";
        await().atMost(Clients.PATIENCE).until(() -> ScrapedMetrics.of(broker).of(connections) == 0);

        WireClient first = new WireClient("127.0.0.1", broker.port());
        WireClient second = new WireClient("127.0.0.1", broker.port());
        try {
            await().atMost(Clients.PATIENCE)
                    .until(() -> ScrapedMetrics.of(broker).of(connections) == 2);
        } finally {
            first.close();
            second.close();
        }
    }

    @Test
    void stockDashboardsFindTheirNames() throws IOException {
        assertThat(scraped.names()).containsAll(dashboards());
    }

    private static List<String> dashboards() throws IOException {
        try (InputStream names = MetricsIT.class.getResourceAsStream("/io/aeon/metrics/dashboards.txt")) {
            return new String(names.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toList());
        }
    }

    @Test
    void aScraperGetsTheFormatThatItAccepts() throws Exception {
        HttpResponse<byte[]> plain = get("text/plain", "identity");
        HttpResponse<byte[]> open = get("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", "gzip, deflate");

        assertThat(plain.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(ScrapedMetrics.parse(new String(plain.body(), StandardCharsets.UTF_8))
                        .of("kafka_topic_partitions" + ORDERS))
                .isEqualTo(3);
        assertThat(open.headers().firstValue("Content-Type"))
                .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(open.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (InputStream text = new GZIPInputStream(new ByteArrayInputStream(open.body()))) {
            assertThat(new String(text.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("kafka_topic_partitions" + ORDERS + " 3.0")
                    .endsWith("# EOF\n");
        }
    }

    private static HttpResponse<byte[]> get(String accept, String encoding) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        broker.console().orElseThrow().resolve("/metrics"))
                .header("Accept", accept)
                .header("Accept-Encoding", encoding)
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void partitionsAtRestHaveTheirValuesAndStayAtRest() {
        String open = "aeon_partitions{state=\"open\"}";
        await().atMost(Clients.PATIENCE).until(() -> ScrapedMetrics.of(broker).of(open) == 0);

        for (int i = 0; i < 3; i++) {
            ScrapedMetrics atRest = complete();
            assertThat(atRest.of(open)).isZero();
            assertThat(atRest.of("aeon_partitions{state=\"resting\"}"))
                    .isEqualTo(atRest.of("kafka_server_replicamanager_partitioncount"));
            assertThat(atRest.of("kafka_log_log_logendoffset" + ORDERS_0)).isEqualTo(RECORDS);
            assertThat(atRest.of("kafka_consumergroup_lag" + COMMIT)).isEqualTo(RECORDS - COMMITTED);
        }
    }
}
