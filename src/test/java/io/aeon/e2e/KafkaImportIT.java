package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.KafkaImport;
import io.aeon.embedded.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Imports a directory as Kafka leaves it: without the files that only Aeon writes, with those that only Kafka writes.
 */
class KafkaImportIT {
    private static final TopicPartition PARTITION = new TopicPartition("moved", 0);

    @TempDir
    private Path dir;

    @Test
    void topicsRecordsAndOffsetsAreImported() throws IOException {
        Path kafka = dir.resolve("kafka");
        Uuid id = leave(kafka);
        Files.createFile(kafka.resolve(".kafka_cleanshutdown"));
        Files.writeString(kafka.resolve("log-start-offset-checkpoint"), "0\n1\nmoved 0 1\n");
        Path imported = dir.resolve("aeon");

        assertThat(KafkaImport.run(kafka, imported).damaged()).isEmpty();

        try (Aeon broker = start(imported);
                Admin admin = new Clients(broker).admin()) {
            Clients clients = new Clients(broker);
            assertThat(topicId(admin)).isEqualTo(id);
            assertThat(done(admin.listOffsets(Map.of(PARTITION, OffsetSpec.earliest()))
                                    .all())
                            .get(PARTITION)
                            .offset())
                    .isEqualTo(1);
            assertThat(Clients.values(clients.read("moved", 1, 2))).containsExactly("b", "c");
            assertThat(done(admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata()))
                    .isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(2, "so far")));
            assertThat(clients.send("moved", List.of("d"), Map.of()).offset()).isEqualTo(3);
        }
    }

    @Test
    void aNodeThatWasKilledIsCheckedBatchByBatch() throws IOException {
        Path kafka = dir.resolve("kafka");
        leave(kafka);
        Path log = kafka.resolve("moved-0").resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(log);
        Files.write(log, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        Path imported = dir.resolve("aeon");

        KafkaImport.run(kafka, imported);

        try (Aeon broker = start(imported)) {
            assertThat(Clients.values(new Clients(broker).read("moved", 0, 2))).containsExactly("a", "b");
        }
    }

    @Test
    void onlyAStoppedKafkasDirectoryIsImportedAndNothingIsOverwritten() throws IOException {
        Path kafka = dir.resolve("kafka");
        assertThatThrownBy(() -> KafkaImport.run(kafka, dir.resolve("aeon")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("meta.properties");

        try (Aeon running = start(kafka)) {
            assertThat(running.port()).isPositive();
            assertThatThrownBy(() -> KafkaImport.run(kafka, dir.resolve("aeon")))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("in use");
        }

        Path full = Files.createDirectories(dir.resolve("full").resolve("x")).getParent();
        assertThatThrownBy(() -> KafkaImport.run(kafka, full))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("not empty");
    }

    @Test
    void aBrokerDoesNotStartOnADirectoryThatWasNotImported() throws IOException {
        Path kafka = dir.resolve("kafka");
        leave(kafka);
        Files.delete(kafka.resolve("__cluster_metadata-0").resolve("reserve"));

        assertThatThrownBy(() -> start(kafka))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("aeon import " + kafka);
    }

    private static Uuid leave(Path directory) throws IOException {
        Uuid id;
        try (Aeon broker = start(directory);
                Admin admin = new Clients(broker).admin()) {
            Clients clients = new Clients(broker);
            clients.create("moved", 1, Map.of());
            for (String value : List.of("a", "b", "c")) {
                clients.send("moved", List.of(value), Map.of());
            }
            done(admin.alterConsumerGroupOffsets("readers", Map.of(PARTITION, new OffsetAndMetadata(2, "so far")))
                    .all());
            id = topicId(admin);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(KafkaImportIT::isAeonsOwn).toList()) {
                Files.delete(file);
            }
        }
        return id;
    }

    private static boolean isAeonsOwn(Path file) {
        return Stream.of("recovery-checkpoint", ".aeon", "log-summaries", ".lock")
                .anyMatch(file::endsWith);
    }

    private static Uuid topicId(Admin admin) {
        return done(admin.describeTopics(List.of("moved")).allTopicNames())
                .get("moved")
                .topicId();
    }

    private static Aeon start(Path directory) {
        return Aeon.builder().set("aeon.data-dir", directory.toString()).start();
    }
}
