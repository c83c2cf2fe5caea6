package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonCluster;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes in one JVM that form a cluster. */
class ClusterIT {
    /** No session expires during a test, however busy the machine is. */
    private static final int LONG_SESSION_MS = 30 * 60_000;

    /** A node whose data are lost waits until its former session has expired. */
    private static final int SHORT_SESSION_MS = 8_000;

    private static final int HEARTBEAT_MS = 300;

    @TempDir
    Path dir;

    private AeonCluster cluster;

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void threeNodesElectALeaderAndGoOnWithoutIt() {
        formCluster(LONG_SESSION_MS);
        Clients clients = new Clients(cluster.node(2));
        clients.create("spread", 6, Map.of());
        assertEachNodeShows("spread", 6);
        clients.sendWithKeys("spread", 100);
        try (var consumer = new Clients(cluster.node(3)).consumer(Map.of("group.id", "readers"))) {
            consumer.subscribe(List.of("spread"));
            assertThat(Clients.poll(consumer, 100)).hasSize(100);
        }

        int leader = quorum(cluster.node(1)).leaderId();
        cluster.stop(leader);

        Aeon left = anyNode();
        until(() -> quorum(left).leaderId() > 0 && quorum(left).leaderId() != leader);
        new Clients(left).create("later", 4, Map.of());
        assertEachNodeShows("later", 4);
        assertThat(leaders(left, "later").values()).as("brokers in service").doesNotContain(leader);

        cluster.start(leader);
        assertEachNodeShows("later", 4);
        until(() -> !leaders(left, "spread").containsValue(-1));
        until(() -> brokers(left).equals(List.of(1, 2, 3)));
        try (var consumer = new Clients(cluster.node(leader)).consumer(Map.of("group.id", "others"))) {
            consumer.subscribe(List.of("spread"));
            assertThat(Clients.poll(consumer, 100)).hasSize(100);
        }
    }

    @Test
    void replicasKeepWhatWasAcknowledgedWhileTheirLeadersEndInTurn() {
        formCluster(SHORT_SESSION_MS);
        createReplicated("kept");
        List<String> sent = new ArrayList<>();
        List<IntConsumer> ends = List.of(cluster::stop, cluster::kill, this::loseDisk);
        for (IntConsumer end : ends) {
            until(() -> inSync("kept").size() == 3 && leaders(anyNode(), "kept").get(0) > 0);
            int leader = leaders(anyNode(), "kept").get(0);
            try (var producer = new Clients(cluster.bootstrapServers()).producer(Map.of("acks", "all"))) {
                send(producer, sent, 100);
                end.accept(leader);
                send(producer, sent, 100);
            }
            cluster.start(leader);
        }
        until(() -> inSync("kept").size() == 3);
        assertThat(Clients.values(new Clients(cluster.node(1)).read("kept", 0, sent.size())))
                .isEqualTo(sent);
    }

    @Test
    void aTopicIsDeletedAlsoThroughABrokerThatMayNotKnowItYet() {
        formCluster(LONG_SESSION_MS);
        try (Admin creator = new Clients(cluster.node(1)).admin();
                Admin deleter = new Clients(cluster.node(2)).admin()) {
            for (int topic = 0; topic < 20; topic++) {
                String name = "short-lived-" + topic;
                done(creator.createTopics(List.of(new NewTopic(name, 1, (short) 1)))
                        .all());
                done(deleter.deleteTopics(List.of(name)).all());
            }
        }
    }

    @Test
    void idsOfVeryManyTopicsThatDoNotExistAreUnknownThroughEachBroker() {
        formCluster(LONG_SESSION_MS);
        int forwarding = quorum(cluster.node(1)).leaderId() == 2 ? 3 : 2;
        List<Uuid> ids = Stream.generate(Uuid::randomUuid).limit(3_000).toList();
        try (Admin admin = new Clients(cluster.node(forwarding)).admin()) {
            assertThat(admin.deleteTopics(TopicCollection.ofTopicIds(ids)).topicIdValues())
                    .hasSize(3_000)
                    .allSatisfy((id, deleted) -> assertThatThrownBy(() -> done(deleted))
                            .hasRootCauseInstanceOf(UnknownTopicIdException.class));
        }
    }

    private void loseDisk(int node) {
        cluster.kill(node);
        try (Stream<Path> files = Files.walk(dir.resolve(Integer.toString(node)))) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        try (Admin admin = new Clients(anyNode()).admin()) {
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
    void aGroupKeepsItsOffsetsWhenTheBrokerOfItsCoordinatorStops() {
        formCluster(LONG_SESSION_MS);
        createReplicated("read");
        Clients first = new Clients(cluster.node(1));
        first.send("read", List.of("one", "two"), Map.of());
        try (var consumer = first.consumer(Map.of("group.id", "g"))) {
            consumer.subscribe(List.of("read"));
            assertThat(Clients.poll(consumer, 2)).hasSize(2);
            consumer.commitSync();
        }
        until(() -> inSync("__consumer_offsets").size() == 3);

        cluster.stop(coordinator("g"));

        Clients left = new Clients(anyNode());
        left.send("read", List.of("three"), Map.of());
        try (var consumer = left.consumer(Map.of("group.id", "g"))) {
            consumer.subscribe(List.of("read"));
            assertThat(Clients.values(Clients.poll(consumer, 1))).containsExactly("three");
        }
    }

    @Test
    void aChangeOfABrokersSettingsIsCheckedAgainstThatBrokersOwn() {
        formCluster(LONG_SESSION_MS);
        int leader = quorum(cluster.node(1)).leaderId();
        int other = leader == 3 ? 2 : leader + 1;
        try (Admin admin = new Clients(cluster.node(other)).admin()) {
            setIoThreads(admin, other, 16);
            until(() -> ioThreads(admin, other) == 16);
            setIoThreads(admin, other, 24);
            until(() -> ioThreads(admin, other) == 24);

            assertThatThrownBy(() -> setIoThreads(admin, other, 49))
                    .cause()
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("not be greater than double the current value 24");
        }
    }

    private static void setIoThreads(Admin admin, int broker, int threads) {
        ConfigEntry entry = new ConfigEntry("num.io.threads", Integer.toString(threads));
        done(admin.incrementalAlterConfigs(
                        Map.of(resource(broker), List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all());
    }

    private static int ioThreads(Admin admin, int broker) {
        return Integer.parseInt(
                done(admin.describeConfigs(List.of(resource(broker))).all())
                        .get(resource(broker))
                        .get("num.io.threads")
                        .value());
    }

    private static ConfigResource resource(int broker) {
        return new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(broker));
    }

    private int coordinator(String group) {
        try (Admin admin = new Clients(cluster.node(1)).admin()) {
            return done(admin.describeConsumerGroups(List.of(group)).all())
                    .get(group)
                    .coordinator()
                    .id();
        }
    }

    private void createReplicated(String topic) {
        Map<String, String> settings = Map.of("min.insync.replicas", "2");
        try (Admin admin = new Clients(cluster.node(1)).admin()) {
            done(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 3).configs(settings)))
                    .all());
        }
    }

    private void formCluster(int sessionMs) {
        cluster = Aeon.cluster(3)
                .dataDirectory(dir)
                .set("aeon.log.flush", "os")
                .set("aeon.kafka.broker.session.timeout.ms", sessionMs)
                .set("aeon.kafka.broker.heartbeat.interval.ms", HEARTBEAT_MS)
                .start();
    }

    private Aeon anyNode() {
        return cluster.node(cluster.nodes().first());
    }

    private void assertEachNodeShows(String topic, int partitions) {
        until(() -> {
            Map<Integer, Integer> expected = leaders(anyNode(), topic);
            return expected.size() == partitions
                    && cluster.nodes().stream()
                            .allMatch(id -> leaders(cluster.node(id), topic).equals(expected));
        });
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

    private static void until(Callable<Boolean> condition) {
        await().atMost(Clients.PATIENCE)
                .ignoreExceptionsMatching(failure -> true)
                .until(condition);
    }
}
