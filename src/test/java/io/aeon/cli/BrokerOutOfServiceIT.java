package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonCluster;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is told of the size of a topic while one of its brokers is out of service. */
class BrokerOutOfServiceIT {
    private static AeonCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = Aeon.cluster(3).set("aeon.console.port", 0).start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 3)))
                    .all()
                    .get();
            cluster.kill(3);
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static String bootstrap() {
        return cluster.node(1).bootstrapServers();
    }

    @Test
    void theSizeThatTheCommandPrintsIsNotKnown() throws Exception {
        await().untilAsserted(() -> assertThat(printed()).containsPattern("orders +1 +3 +1 +0 +-\n"));
        assertThat(printed("orders")).containsPattern("\n0 .* -\n");
        assertThat(printed("--json")).contains("\"orders\"").doesNotContain("bytes");
    }

    private static String printed(String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        TopicsCommand command = new TopicsCommand(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        List<String> all = new ArrayList<>(List.of("--bootstrap", bootstrap()));
        all.addAll(List.of(arguments));
        assertThat(command.run(Given.to(command, all))).isEqualTo(Main.OK);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("aeon: broker 3 is not in service, so the sizes of its replicas are not known\n");
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theSizeThatTheConsoleShowsIsNotKnown() throws Exception {
        HttpRequest topics = HttpRequest.newBuilder(
                        cluster.node(1).console().orElseThrow().resolve("/api/topics"))
                .build();

        HttpClient browser = HttpClient.newHttpClient();
        await().untilAsserted(() -> assertThat(
                        browser.send(topics, BodyHandlers.ofString()).body())
                .contains("\"orders\"")
                .doesNotContain("\"bytes\""));
    }
}
