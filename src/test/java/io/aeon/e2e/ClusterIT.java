package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonBuilder;
import io.aeon.embedded.StartException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes in one JVM that form a cluster. */
class ClusterIT {
    private static final int SESSION_MS = 3_000;

    @TempDir
    Path dir;

    private final Map<Integer, Aeon> nodes = new TreeMap<>();
    private String controllers = "";

    @AfterEach
    void stopAll() {
        CompletableFuture.allOf(nodes.values().stream()
                        .map(node -> CompletableFuture.runAsync(node::close))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    @Test
    void threeNodesElectALeaderAndGoOnWithoutIt() {
        formCluster();
        Clients clients = new Clients(nodes.get(2));
        clients.create("spread", 6, Map.of());
        assertEachNodeShows("spread", 6);
        clients.sendWithKeys("spread", 100);
        try (var consumer = new Clients(nodes.get(3)).consumer(Map.of("group.id", "readers"))) {
            consumer.subscribe(List.of("spread"));
            assertThat(Clients.poll(consumer, 100)).hasSize(100);
        }

        int leader = quorum(nodes.get(1)).leaderId();
        nodes.remove(leader).close();

        Aeon left = nodes.values().iterator().next();
        until(() -> quorum(left).leaderId() > 0 && quorum(left).leaderId() != leader);
        new Clients(left).create("later", 4, Map.of());
        assertEachNodeShows("later", 4);
        assertThat(leaders(left, "later").values()).as("brokers in service").doesNotContain(leader);

        start(leader);
        assertEachNodeShows("later", 4);
        until(() -> !leaders(left, "spread").containsValue(-1));
        until(() -> brokers(left).equals(List.of(1, 2, 3)));
        try (var consumer = new Clients(nodes.get(leader)).consumer(Map.of("group.id", "others"))) {
            consumer.subscribe(List.of("spread"));
            assertThat(Clients.poll(consumer, 100)).hasSize(100);
        }
    }

    @Test
    void replicasKeepWhatWasAcknowledgedWhileTheirLeadersStopInTurn() {
        formCluster();
        createReplicated("kept");
        List<String> sent = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            until(() -> inSync("kept").size() == 3);
            int leader = leaders(nodes.values().iterator().next(), "kept").get(0);
            try (var producer = new Clients(nodes.get(leader)).producer(Map.of("acks", "all"))) {
                send(producer, sent, 100);
                nodes.remove(leader).close();
                send(producer, sent, 100);
            }
            start(leader);
        }
        until(() -> inSync("kept").size() == 3);
        assertThat(Clients.values(new Clients(nodes.get(1)).read("kept", 0, sent.size())))
                .isEqualTo(sent);
    }

    private static void send(Producer<String, String> producer, List<String> sent, int count) {
        List<Future<?>> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String value = "value " + sent.size();
            sent.add(value);
            results.add(producer.send(new ProducerRecord<>("kept", 0, null, value)));
        }
        results.forEach(each -> assertThat(each).succeedsWithin(Clients.PATIENCE));
    }

    private List<Integer> inSync(String topic) {
        try (Admin admin = new Clients(nodes.values().iterator().next()).admin()) {
            return done(admin.describeTopics(List.of(topic)).allTopicNames())
                    .get(topic)
                    .partitions()
                    .get(0)
                    .isr()
                    .stream()
                    .map(Node::id)
                    .toList();
        }
    }

    @Test
    void aNodeAloneBecomesTheFirstOfACluster() {
        try (Aeon alone = Aeon.builder().dataDirectory(dir.resolve("1")).start()) {
            assertThat(alone.controller()).isEmpty();
            new Clients(alone).create("before", 1, Map.of());
            new Clients(alone).send("before", List.of("kept"), Map.of());
        }

        start(1);
        nodes.put(4, builder(4).set("aeon.join", controllers).start());

        assertThat(Clients.values(new Clients(nodes.get(4)).read("before", 0, 1)))
                .containsExactly("kept");
        assertThat(brokers(nodes.get(4))).containsExactly(1, 4);
        assertThat(voters(nodes.get(1))).as("a broker only does not vote").containsExactly(1);
        assertThat(nodes.get(4).controller()).isEmpty();

        nodes.remove(4).close();
        until(() -> brokers(nodes.get(1)).equals(List.of(1)));
    }

    @Test
    void aSecondNodeOfTheSameIdIsRefused() {
        start(1);
        nodes.put(4, builder(4).set("aeon.join", controllers).start());

        assertThatThrownBy(() -> builder(4)
                        .dataDirectory(dir.resolve("twin"))
                        .set("aeon.join", controllers)
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("Another running node of the cluster has the node id 4");

        assertThat(brokers(nodes.get(1))).containsExactly(1, 4);
    }

    @Test
    void aGroupKeepsItsOffsetsWhenTheBrokerOfItsCoordinatorStops() {
        formCluster();
        createReplicated("read");
        Clients first = new Clients(nodes.get(1));
        first.send("read", List.of("one", "two"), Map.of());
        try (var consumer = first.consumer(Map.of("group.id", "g"))) {
            consumer.subscribe(List.of("read"));
            assertThat(Clients.poll(consumer, 2)).hasSize(2);
            consumer.commitSync();
        }
        until(() -> inSync("__consumer_offsets").size() == 3);

        nodes.remove(coordinator("g")).close();

        Clients left = new Clients(nodes.values().iterator().next());
        left.send("read", List.of("three"), Map.of());
        try (var consumer = left.consumer(Map.of("group.id", "g"))) {
            consumer.subscribe(List.of("read"));
            assertThat(Clients.values(Clients.poll(consumer, 1))).containsExactly("three");
        }
    }

    private int coordinator(String group) {
        try (Admin admin = new Clients(nodes.get(1)).admin()) {
            return done(admin.describeConsumerGroups(List.of(group)).all())
                    .get(group)
                    .coordinator()
                    .id();
        }
    }

    private void createReplicated(String topic) {
        Map<String, String> settings = Map.of("min.insync.replicas", "2");
        try (Admin admin = new Clients(nodes.get(1)).admin()) {
            done(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 3).configs(settings)))
                    .all());
        }
    }

    private void formCluster() {
        start(1);
        start(2);
        start(3);
        until(() -> voters(nodes.get(1)).equals(List.of(1, 2, 3)));
        until(() -> brokers(nodes.get(1)).equals(List.of(1, 2, 3)));
    }

    private void start(int id) {
        AeonBuilder builder = builder(id).set("aeon.listeners.controller.port", 0);
        if (!controllers.isEmpty()) {
            builder.set("aeon.join", controllers);
        }
        Aeon node = builder.start();
        nodes.put(id, node);
        controllers = nodes.values().stream()
                .flatMap(each -> each.controller().stream())
                .collect(Collectors.joining(","));
    }

    private AeonBuilder builder(int id) {
        return Aeon.builder()
                .set("aeon.node-id", id)
                .set("aeon.log.flush", "os")
                .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                .set("aeon.kafka.broker.heartbeat.interval.ms", SESSION_MS / 10)
                .dataDirectory(dir.resolve(Integer.toString(id)));
    }

    private void assertEachNodeShows(String topic, int partitions) {
        Map<Integer, Integer> expected = leaders(nodes.values().iterator().next(), topic);
        assertThat(expected).hasSize(partitions);
        nodes.values().forEach(node -> until(() -> leaders(node, topic).equals(expected)));
    }

    private static Map<Integer, Integer> leaders(Aeon node, String topic) {
        try (Admin admin = new Clients(node).admin()) {
            TopicDescription found =
                    done(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
            Map<Integer, Integer> leaders = new TreeMap<>();
            found.partitions()
                    .forEach(each -> leaders.put(
                            each.partition(),
                            each.leader() == null ? -1 : each.leader().id()));
            return leaders;
        }
    }

    private static List<Integer> brokers(Aeon node) {
        try (Admin admin = new Clients(node).admin()) {
            return done(admin.describeCluster(new DescribeClusterOptions()).nodes()).stream()
                    .map(Node::id)
                    .sorted()
                    .toList();
        }
    }

    private static QuorumInfo quorum(Aeon node) {
        try (Admin admin = new Clients(node).admin()) {
            return done(admin.describeMetadataQuorum().quorumInfo());
        }
    }

    private static List<Integer> voters(Aeon node) {
        return List.copyOf(quorum(node).voters().stream()
                .map(QuorumInfo.ReplicaState::replicaId)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Clients.PATIENCE)
                .ignoreExceptionsMatching(failure -> true)
                .until(condition);
    }
}
