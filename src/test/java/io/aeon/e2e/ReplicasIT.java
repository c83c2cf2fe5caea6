package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.replica.RackAwareReplicaSelector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes of one cluster, of which the first is the controller: their replicas move, lead, and are read. */
class ReplicasIT {
    private static final int FETCH_BYTES = 16_384;
    private static final String LARGE = "x".repeat(10_000);
    private static final Map<Integer, Aeon> NODES = new TreeMap<>();

    @TempDir
    private static Path dir;

    private static Admin admin;

    @BeforeAll
    static void formCluster() {
        Aeon first = builder(1).set("aeon.listeners.controller.port", 0).start();
        NODES.put(1, first);
        String controller = first.controller().orElseThrow();
        List<CompletableFuture<Aeon>> others = IntStream.of(2, 3)
                .mapToObj(id -> CompletableFuture.supplyAsync(
                        () -> builder(id).set("aeon.join", controller).start()))
                .toList();
        NODES.put(2, others.get(0).join());
        NODES.put(3, others.get(1).join());
        admin = new Clients(first).admin();
    }

    private static AeonBuilder builder(int id) {
        return Aeon.builder()
                .set("aeon.node-id", id)
                .set("aeon.log.flush", "os")
                .set("aeon.kafka.replica.fetch.backoff.ms", 20)
                .set("aeon.kafka.replica.fetch.max.bytes", FETCH_BYTES)
                .set("aeon.kafka.leader.imbalance.check.interval.seconds", 1)
                .set("aeon.rack", "rack " + id)
                .set("aeon.kafka.replica.selector.class", RackAwareReplicaSelector.class.getName())
                .dataDirectory(directory(id));
    }

    private static Path directory(int node) {
        return dir.resolve(Integer.toString(node));
    }

    @AfterAll
    static void stopAll() {
        admin.close();
        CompletableFuture.allOf(NODES.values().stream()
                        .map(node -> CompletableFuture.runAsync(node::close))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    @Test
    void aPartitionMovesToOtherBrokersWithItsRecords() {
        create("moved", 1, 2);
        List<String> values =
                IntStream.range(0, 100).mapToObj(each -> "value " + each).toList();
        new Clients(NODES.get(2)).send("moved", values, Map.of("acks", "all"));

        reassign("moved", 3, 2);

        until(() -> state("moved").replicas().equals(List.of(3, 2))
                && state("moved").isr().size() == 2);
        assertThat(done(admin.listPartitionReassignments().reassignments())).isEmpty();
        until(() -> !Files.exists(directory(1).resolve("moved-0")));
        assertThat(Clients.values(new Clients(NODES.get(1)).read("moved", 0, values.size())))
                .isEqualTo(values);

        reassign("moved", 1);
        until(() -> state("moved").replicas().equals(List.of(1)));
        until(() -> !Files.exists(directory(2).resolve("moved-0"))
                && !Files.exists(directory(3).resolve("moved-0")));
        assertThat(Clients.values(new Clients(NODES.get(2)).read("moved", 0, values.size())))
                .isEqualTo(values);
    }

    @Test
    void aThrottledReplicaIsCopiedSlowlyAndItsReassignmentCanBeCancelled() {
        create("held", 1);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            values.add(LARGE + i);
        }
        new Clients(NODES.get(1)).send("held", values, Map.of("batch.size", 0));
        throttle("held", OpType.SET);

        reassign("held", 1, 2);
        until(() -> Files.exists(directory(2).resolve("held-0")));
        assertThat(done(admin.listPartitionReassignments().reassignments())
                        .get(new TopicPartition("held", 0))
                        .addingReplicas())
                .containsExactly(2);
        assertThat(state("held").isr()).containsExactly(1);
        until(() -> lag(2) > 0);
        done(admin.alterPartitionReassignments(Map.of(new TopicPartition("held", 0), Optional.empty()))
                .all());
        until(() -> state("held").replicas().equals(List.of(1)));
        until(() -> !Files.exists(directory(2).resolve("held-0")));

        reassign("held", 1, 3);
        throttle("held", OpType.DELETE);
        until(() -> state("held").isr().equals(List.of(1, 3)));
        until(() -> lag(3) == 0);
    }

    /** Of all replicas of a node that follow, the largest lag. */
    private static double lag(int node) {
        return ScrapedMetrics.of(NODES.get(node)).of("kafka_server_replicafetchermanager_maxlag{clientId=\"Replica\"}");
    }

    /** One byte a second for all replicas of a topic, at the leader and at the followers; or no longer. */
    private static void throttle(String topic, OpType operation) {
        List<AlterConfigOp> ofTopic = List.of(
                new AlterConfigOp(new ConfigEntry("leader.replication.throttled.replicas", "*"), operation),
                new AlterConfigOp(new ConfigEntry("follower.replication.throttled.replicas", "*"), operation));
        List<AlterConfigOp> ofBrokers = List.of(
                new AlterConfigOp(new ConfigEntry("leader.replication.throttled.rate", "1"), operation),
                new AlterConfigOp(new ConfigEntry("follower.replication.throttled.rate", "1"), operation));
        done(admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(Type.TOPIC, topic), ofTopic,
                        new ConfigResource(Type.BROKER, ""), ofBrokers))
                .all());
    }

    @Test
    void theFirstReplicaLeadsWhenItIsAskedForAndSoonByItself() {
        create("led", 1, 2, 3);

        reassign("led", 2, 1, 3);
        TopicPartition led = new TopicPartition("led", 0);
        done(admin.electLeaders(ElectionType.PREFERRED, Set.of(led)).partitions())
                .get(led)
                .ifPresent(failure -> assertThat(failure).isInstanceOf(ElectionNotNeededException.class));
        until(() -> state("led").leader() == 2);

        reassign("led", 3, 1, 2);
        until(() -> state("led").leader() == 3);
    }

    @Test
    void deletedRecordsAreDeletedInAllReplicas() {
        create("cut", 1, 2, 3);
        new Clients(NODES.get(1)).send("cut", List.of("a", "b", "c"), Map.of("acks", "all"));
        TopicPartition cut = new TopicPartition("cut", 0);

        assertThat(done(admin.deleteRecords(Map.of(cut, RecordsToDelete.beforeOffset(2)))
                                .lowWatermarks()
                                .get(cut))
                        .lowWatermark())
                .isEqualTo(2);

        reassign("cut", 3, 1, 2);
        until(() -> state("cut").leader() == 3);
        assertThat(done(admin.listOffsets(Map.of(cut, OffsetSpec.earliest())).partitionResult(cut))
                        .offset())
                .isEqualTo(2);
    }

    @Test
    void aConsumerReadsFromTheReplicaInItsRackAndGoesOnWhenThatHasMovedAway() {
        assertThat(done(admin.describeCluster().nodes()))
                .allSatisfy(node -> assertThat(node.rack()).isEqualTo("rack " + node.id()));
        create("near", 1, 2);
        Clients clients = new Clients(NODES.get(1));
        clients.send("near", List.of("a"), Map.of("acks", "all"));
        TopicPartition near = new TopicPartition("near", 0);

        try (var consumer = clients.consumer(Map.of("client.rack", "rack 2"))) {
            consumer.assign(List.of(near));
            consumer.seekToBeginning(List.of(near));
            assertThat(Clients.values(Clients.poll(consumer, 1))).containsExactly("a");
            clients.send("near", List.of("b"), Map.of("acks", "all"));
            assertThat(Clients.values(Clients.poll(consumer, 1))).containsExactly("b");
            assertThat(consumer.metrics().entrySet().stream()
                            .filter(each -> each.getKey().name().equals("preferred-read-replica"))
                            .map(each -> each.getValue().metricValue()))
                    .containsExactly(2);

            reassign("near", 1, 3);
            until(() -> state("near").replicas().equals(List.of(1, 3)));
            clients.send("near", List.of("c"), Map.of("acks", "all"));
            assertThat(Clients.values(Clients.poll(consumer, 1))).containsExactly("c");
        }
    }

    /** A topic of one partition with these replicas. */
    private static void create(String topic, Integer... replicas) {
        done(admin.createTopics(List.of(new NewTopic(topic, Map.of(0, List.of(replicas)))))
                .all());
        until(() -> state(topic).isr().size() == replicas.length);
    }

    private static void reassign(String topic, Integer... replicas) {
        NewPartitionReassignment target = new NewPartitionReassignment(List.of(replicas));
        done(admin.alterPartitionReassignments(Map.of(new TopicPartition(topic, 0), Optional.of(target)))
                .all());
    }

    private record State(int leader, List<Integer> replicas, List<Integer> isr) {}

    private static State state(String topic) {
        TopicPartitionInfo partition = done(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions()
                .get(0);
        return new State(
                partition.leader() == null ? -1 : partition.leader().id(),
                partition.replicas().stream().map(Node::id).toList(),
                partition.isr().stream().map(Node::id).sorted().toList());
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Clients.PATIENCE)
                .ignoreExceptionsMatching(failure -> true)
                .until(condition);
    }
}
