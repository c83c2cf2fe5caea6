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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metadata.AccessControlEntryRecord;
import org.apache.kafka.common.metadata.ClientQuotaRecord;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.FeatureLevelRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.metadata.UserScramCredentialRecord;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Imports a directory as Kafka leaves it: without the files that only Aeon writes, with those that only Kafka writes.
 */
class KafkaImportIT {
    private static final TopicPartition PARTITION = new TopicPartition("moved", 0);

    @TempDir
    private Path dir;

    private final List<String> told = new ArrayList<>();

    @Test
    void topicsRecordsAndOffsetsAreImported() throws IOException {
        Path kafka = dir.resolve("kafka");
        Uuid id = leave(kafka);
        Files.createFile(kafka.resolve(".kafka_cleanshutdown"));
        Files.writeString(kafka.resolve("log-start-offset-checkpoint"), "0\n1\nmoved 0 1\n");
        Path imported = dir.resolve("aeon");

        assertThat(KafkaImport.run(kafka, imported, told::addAll, line -> {}).damaged())
                .isEmpty();

        assertThat(told).isEmpty();

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

        KafkaImport.run(kafka, imported, told::addAll, line -> {});

        try (Aeon broker = start(imported)) {
            assertThat(Clients.values(new Clients(broker).read("moved", 0, 2))).containsExactly("a", "b");
        }
    }

    @Test
    void onlyAStoppedKafkasDirectoryIsImportedAndNothingIsOverwritten() throws IOException {
        Path kafka = dir.resolve("kafka");
        assertThatThrownBy(() -> KafkaImport.run(kafka, dir.resolve("aeon"), told::addAll, line -> {}))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("meta.properties");

        try (Aeon running = start(kafka)) {
            assertThat(running.port()).isPositive();
            assertThatThrownBy(() -> KafkaImport.run(kafka, dir.resolve("aeon"), told::addAll, line -> {}))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("in use");
        }

        Path full = Files.createDirectories(dir.resolve("full").resolve("x")).getParent();
        assertThatThrownBy(() -> KafkaImport.run(kafka, full, told::addAll, line -> {}))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("not empty");
    }

    @Test
    void whatHasNoEffectIsToldBeforeAnythingIsWritten() throws IOException {
        Path kafka = dir.resolve("kafka");
        leave(kafka);
        TamperedLog metadata = new TamperedLog(kafka.resolve("__cluster_metadata-0"));
        metadata.append(new UserScramCredentialRecord()
                .setName("alice")
                .setMechanism(ScramMechanism.SCRAM_SHA_256.type())
                .setSalt(new byte[1])
                .setStoredKey(new byte[1])
                .setServerKey(new byte[1])
                .setIterations(4096));
        metadata.append(new AccessControlEntryRecord()
                .setId(Uuid.randomUuid())
                .setResourceType((byte) 2)
                .setResourceName("moved")
                .setPatternType((byte) 3)
                .setPrincipal("User:alice")
                .setHost("*")
                .setOperation((byte) 3)
                .setPermissionType((byte) 3));
        metadata.append(new ClientQuotaRecord()
                .setEntity(List.of(
                        new ClientQuotaRecord.EntityData().setEntityType("user").setEntityName("alice")))
                .setKey("request_percentage")
                .setValue(50));
        metadata.append(new FeatureLevelRecord().setName("streams.version").setFeatureLevel((short) 1));
        metadata.append(setting(ConfigResource.Type.TOPIC, "moved", "remote.storage.enable", "true"));
        metadata.append(setting(ConfigResource.Type.TOPIC, "moved", "retention.ms", "5"));
        metadata.append(
                setting(ConfigResource.Type.BROKER, "1", "listener.name.in.ssl.keystore.password", "hush-hush"));
        new TamperedLog(ofOffsets(kafka))
                .append(new SimpleRecord(
                        new byte[] {0, 17, 0, 4, 'w', 'o', 'r', 'd'}, new byte[] {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0}));
        Path imported = dir.resolve("aeon");
        List<Boolean> written = new ArrayList<>();

        KafkaImport.run(
                kafka,
                imported,
                lines -> {
                    written.add(Files.exists(imported.resolve("moved-0")));
                    told.addAll(lines);
                },
                line -> {});

        assertThat(written).containsExactly(false);
        assertThat(told)
                .containsExactly(
                        "1 user with SCRAM credentials (alice): Aeon does not authenticate clients yet",
                        "1 ACL: Aeon does not authorize clients yet",
                        "1 client quota: Aeon does not honour request_percentage",
                        "feature streams.version at level 1: Aeon does not have what it switches on",
                        "broker 1, setting listener.name.in.ssl.keystore.password: TLS, SASL and ACLs are not supported"
                                + " yet",
                        "topic moved, setting remote.storage.enable: tiered storage is not supported yet",
                        "topic moved: only its records in this directory are copied, not those in the remote storage",
                        "streams groups word: Aeon does not have this kind of groups yet");
        try (Aeon broker = start(imported)) {
            assertThat(Clients.values(new Clients(broker).read("moved", 0, 3))).containsExactly("a", "b", "c");
        }
    }

    @Test
    void aNodeThatIsNotTheWholeClusterIsRefused() throws IOException {
        Path kafka = dir.resolve("kafka");
        leave(kafka);
        new TamperedLog(kafka.resolve("__cluster_metadata-0"))
                .append(new RegisterBrokerRecord()
                        .setBrokerId(1)
                        .setBrokerEpoch(100)
                        .setIncarnationId(Uuid.randomUuid())
                        .setLogDirs(List.of(Uuid.randomUuid(), Uuid.randomUuid())));
        assertThatThrownBy(() -> KafkaImport.run(kafka, dir.resolve("aeon"), told::addAll, line -> {}))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("the node has 2 log directories");

        new TamperedLog(kafka.resolve("__cluster_metadata-0"))
                .append(new RegisterBrokerRecord()
                        .setBrokerId(2)
                        .setBrokerEpoch(101)
                        .setIncarnationId(Uuid.randomUuid()));
        assertThatThrownBy(() -> KafkaImport.run(kafka, dir.resolve("aeon"), told::addAll, line -> {}))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("its cluster has the nodes [1, 2]");
        assertThat(dir.resolve("aeon").toFile().list()).containsExactly(".lock");
    }

    /** A partition of the offsets topic in which groups are. */
    private static Path ofOffsets(Path kafka) throws IOException {
        try (Stream<Path> partitions = Files.list(kafka)) {
            return partitions
                    .filter(partition -> partition.getFileName().toString().startsWith("__consumer_offsets-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static ConfigRecord setting(ConfigResource.Type type, String resource, String name, String value) {
        return new ConfigRecord()
                .setResourceType(type.id())
                .setResourceName(resource)
                .setName(name)
                .setValue(value);
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
