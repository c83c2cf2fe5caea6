package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.embedded.Aeon;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Topics and their settings with Kafka's Admin client. */
class TopicAdminIT {
    private static Aeon broker;
    private static Clients clients;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = Aeon.builder()
                .set("aeon.kafka.num.partitions", 3)
                .set("aeon.kafka.transaction.state.log.num.partitions", 2)
                .start();
        clients = new Clients(broker);
        admin = clients.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void aTopicLivesFromCreationToDeletion() throws Exception {
        var created = admin.createTopics(List.of(new NewTopic("life", 2, (short) 1)));
        done(created.all());
        TopicDescription description = describe("life");

        assertThat(description.topicId()).isEqualTo(created.topicId("life").get());
        assertThat(description.partitions()).hasSize(2).allSatisfy(partition -> {
            assertThat(partition.leader().port()).isEqualTo(broker.port());
            assertThat(partition.isr()).hasSize(1);
        });
        assertThat(done(admin.listTopics().names())).contains("life");

        done(admin.createPartitions(Map.of("life", NewPartitions.increaseTo(5))).all());
        assertThat(describe("life").partitions()).hasSize(5);

        done(admin.deleteTopics(List.of("life")).all());
        assertThat(done(admin.listTopics().names())).doesNotContain("life");
        assertThatThrownBy(() ->
                        admin.describeTopics(List.of("life")).allTopicNames().get())
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void aRecreatedTopicIsEmptyAndHasAnotherId() {
        clients.create("again", 1, Map.of());
        clients.send("again", List.of("old"), Map.of());
        var firstId = describe("again").topicId();
        done(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(firstId))).all());

        clients.create("again", 1, Map.of());
        clients.send("again", List.of("new"), Map.of());

        assertThat(describe("again").topicId()).isNotEqualTo(firstId);
        assertThat(Clients.values(clients.read("again", 0, 1))).containsExactly("new");
    }

    @Test
    void defaultsComeFromTheBrokersSettings() {
        done(admin.createTopics(
                        List.of(new NewTopic("defaults", java.util.Optional.empty(), java.util.Optional.empty())))
                .all());

        assertThat(describe("defaults").partitions()).hasSize(3);
    }

    @Test
    void aClientThatAsksForAnInternalTopicCreatesItWithItsOwnSettings() {
        try (var producer = clients.producer(Map.of())) {
            assertThat(producer.partitionsFor("__transaction_state")).hasSize(2);
        }
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "__transaction_state");
        assertThat(done(admin.describeConfigs(List.of(topic)).all())
                        .get(topic)
                        .get("cleanup.policy")
                        .value())
                .isEqualTo("compact");
    }

    @Test
    void invalidTopicsAreRefusedAsInKafka() {
        clients.create("taken", 1, Map.of());

        assertRefused(new NewTopic("taken", 1, (short) 1), TopicExistsException.class);
        assertRefused(new NewTopic("no/slash", 1, (short) 1), InvalidTopicException.class);
        assertRefused(new NewTopic("none", 0, (short) 1), InvalidPartitionsException.class);
        assertRefused(new NewTopic("copies", 1, (short) 2), InvalidReplicationFactorException.class);
        assertThatThrownBy(() -> admin.createPartitions(Map.of("taken", NewPartitions.increaseTo(1)))
                        .all()
                        .get())
                .hasCauseInstanceOf(InvalidPartitionsException.class);
    }

    @Test
    void settingsAreShownWithTheirSourceAndChange() {
        clients.create("settings", 1, Map.of("retention.ms", "1000"));
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "settings");

        assertThat(entry(topic, "retention.ms").value()).isEqualTo("1000");
        assertThat(entry(topic, "retention.ms").source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(entry(topic, "segment.bytes").source()).isEqualTo(ConfigSource.DEFAULT_CONFIG);

        alter(topic, "retention.ms", "2000", OpType.SET);
        assertThat(entry(topic, "retention.ms").value()).isEqualTo("2000");
        alter(topic, "retention.ms", "", OpType.DELETE);
        assertThat(entry(topic, "retention.ms").value()).isEqualTo("604800000");
        assertThatThrownBy(() -> alter(topic, "retention.ms", "soon", OpType.SET))
                .hasMessageContaining("retention.ms");
    }

    @Test
    void theFirstRecordCreatesATopic() throws Exception {
        try (var producer = clients.producer(Map.of())) {
            producer.send(new ProducerRecord<>("by-itself", "value"))
                    .get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        assertThat(describe("by-itself").partitions()).hasSize(3);
    }

    @Test
    void autoCreationCanBeDisabled() {
        try (Aeon strict = Aeon.builder()
                        .set("aeon.kafka.auto.create.topics.enable", false)
                        .start();
                var producer = new Clients(strict).producer(Map.of("max.block.ms", 1_000));
                var strictAdmin = new Clients(strict).admin()) {
            assertThat(producer.send(new ProducerRecord<>("never", "value"))).failsWithin(Clients.PATIENCE);
            assertThat(done(strictAdmin.listTopics().names())).isEmpty();
        }
    }

    @Test
    void theClusterIsThisBroker() {
        var cluster = admin.describeCluster();

        assertThat(done(cluster.nodes())).singleElement().satisfies(node -> {
            assertThat(node.id()).isEqualTo(1);
            assertThat(node.port()).isEqualTo(broker.port());
        });
        assertThat(done(cluster.controller()).id()).isEqualTo(1);
        assertThat(done(cluster.clusterId())).isNotBlank();
    }

    @Test
    void theBrokersSettingsAreShown() {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, "1");

        assertThat(entry(resource, "num.partitions").value()).isEqualTo("3");
        assertThat(entry(resource, "num.partitions").source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
    }

    private static TopicDescription describe(String topic) {
        return done(admin.describeTopics(Set.of(topic)).allTopicNames()).get(topic);
    }

    private static void assertRefused(NewTopic topic, Class<? extends Throwable> error) {
        assertThatThrownBy(() -> admin.createTopics(List.of(topic)).all().get()).hasCauseInstanceOf(error);
    }

    private static ConfigEntry entry(ConfigResource resource, String name) {
        Config config = done(admin.describeConfigs(List.of(resource)).all()).get(resource);
        return config.get(name);
    }

    private static void alter(ConfigResource resource, String name, String value, OpType operation) {
        done(admin.incrementalAlterConfigs(
                        Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), operation))))
                .all());
    }
}
