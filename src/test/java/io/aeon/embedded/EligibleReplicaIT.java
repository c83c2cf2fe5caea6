package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which replica may lead after all brokers of a partition were killed (KIP-966). Node 1 is the controller. */
class EligibleReplicaIT {
    private static final String TOPIC = "orders";
    private static final int SESSION_MS = 10_000;
    private static final int HEARTBEAT_MS = 300;

    @TempDir
    Path dir;

    private Aeon controller;
    private Aeon second;
    private Aeon third;

    @BeforeEach
    void form() {
        controller = node(1).set("aeon.listeners.controller.port", 0).start();
        second = broker(2);
        third = broker(3);
    }

    @AfterEach
    void stop() {
        third.close();
        second.close();
        controller.close();
    }

    @Test
    void aReplicaThatWasKilledIsElectedUnlessItsDirectoryProvesNothing() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", controller.bootstrapServers()))) {
            NewTopic topic = new NewTopic(TOPIC, Map.of(0, List.of(2, 3))).configs(Map.of("min.insync.replicas", "2"));
            PatientWaits.done(
                    admin.createTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture());
        }
        try (Producer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", controller.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            assertThat(producer.send(new ProducerRecord<>(TOPIC, 0, null, "kept")))
                    .succeedsWithin(PatientWaits.LIMIT);
        }
        killBoth();
        second = broker(2);
        until(partition -> partition.leader() == 2);

        third = broker(3);
        until(partition -> partition.isr().size() == 2);
        killBoth();
        Files.delete(dir.resolve("2").resolve(".broker-epoch"));
        second = broker(2);
        assertThat(isInService(2)).isTrue();
        assertThat(partition().leader()).as("broker 2 may have lost records").isNegative();
        third = broker(3);
        until(partition -> partition.leader() == 3);
    }

    private void killBoth() {
        end(second);
        until(partition -> partition.isr().equals(List.of(3)));
        end(third);
        until(partition -> partition.leader() < 0);
    }

    private static void end(Aeon node) {
        node.kill();
        node.close();
    }

    private void until(Predicate<Partition> condition) {
        await().atMost(PatientWaits.LIMIT).until(() -> condition.test(partition()));
    }

    private Partition partition() {
        return image().topic(TOPIC).orElseThrow().partitions().get(0);
    }

    private boolean isInService(int id) {
        return image().broker(id).filter(broker -> !broker.fenced()).isPresent();
    }

    private ClusterImage image() {
        return controller.metadata().image();
    }

    private Aeon broker(int id) {
        Aeon started =
                node(id).set("aeon.join", controller.controller().orElseThrow()).start();
        await().atMost(PatientWaits.LIMIT).until(() -> isInService(id));
        return started;
    }

    private AeonBuilder node(int id) {
        return Aeon.builder()
                .set("aeon.node-id", id)
                .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                .set("aeon.kafka.broker.heartbeat.interval.ms", HEARTBEAT_MS)
                .dataDirectory(dir.resolve(Integer.toString(id)));
    }
}
