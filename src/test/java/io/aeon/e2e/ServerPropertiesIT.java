package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import io.aeon.embedded.Aeon;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicDeletionDisabledException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is started with Kafka's server.properties applies its settings. */
class ServerPropertiesIT {
    @TempDir
    static Path dir;

    private static Aeon broker;
    private static Clients clients;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        Path file = Files.writeString(dir.resolve("server.properties"), """
                process.roles=broker,controller
                node.id=4
                controller.quorum.bootstrap.servers=localhost:0
                listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0
                controller.listener.names=CONTROLLER
                log.dirs=%s
                num.io.threads=8
                delete.topic.enable=false
                auto.create.topics.enable=false
                default.replication.factor=3
                compression.type=gzip
                max.decompressed.message.bytes=1000
                """.formatted(dir.resolve("data")));
        broker = Aeon.start(AeonSettings.load(SettingsSources.ofProcess(file, Map.of(), new Properties(), Map.of())));
        clients = new Clients(broker);
        admin = clients.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void toolsReadItBack() {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, "4");
        Config told = done(admin.describeConfigs(List.of(resource)).all()).get(resource);

        assertThat(told.get("node.id").value()).isEqualTo("4");
        assertThat(told.get("log.dirs").value()).isEqualTo(dir.resolve("data").toString());
        assertThat(told.get("listeners").value()).isEqualTo("PLAINTEXT://127.0.0.1:0");
        assertThat(told.get("delete.topic.enable").value()).isEqualTo("false");
    }

    @Test
    void theVersionIsAmongTheFeatures() {
        assertThat(done(admin.describeFeatures().featureMetadata()).finalizedFeatures())
                .containsKeys("metadata.version", "transaction.version");
    }

    @Test
    void topicsAreNotDeleted() {
        clients.create("kept", 1, Map.of());

        assertThatThrownBy(() -> admin.deleteTopics(List.of("kept")).all().get())
                .hasCauseInstanceOf(TopicDeletionDisabledException.class);
        assertThat(done(admin.listTopics().names())).contains("kept");
    }

    @Test
    void theDefaultNumberOfReplicasNeedsAsManyNodes() {
        NewTopic topic = new NewTopic("three", Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> admin.createTopics(List.of(topic)).all().get())
                .hasCauseInstanceOf(InvalidReplicationFactorException.class);
    }

    @Test
    void noTopicIsAutoCreated() {
        try (var consumer = clients.consumer(Map.of())) {
            consumer.partitionsFor("asked-for");
        }

        assertThat(done(admin.listTopics().names())).doesNotContain("asked-for");
    }

    @Test
    void recordsAreStoredWithTheBrokersCompression() throws Exception {
        clients.create("small", 1, Map.of());
        clients.send("small", List.of("a".repeat(500)), Map.of());

        byte[] log = Files.readAllBytes(dir.resolve("data/small-0/00000000000000000000.log"));
        RecordBatch batch = MemoryRecords.readableRecords(ByteBuffer.wrap(log))
                .batches()
                .iterator()
                .next();
        assertThat(batch.compressionType()).isEqualTo(CompressionType.GZIP);
    }

    @Test
    void aRecordThatIsTooLargeAfterDecompressionIsRefused() {
        clients.create("bounded", 1, Map.of());

        try (var producer = clients.producer(Map.of("compression.type", "zstd"))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("bounded", "a".repeat(2000)))
                            .get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(InvalidRecordException.class);
        }
    }
}
