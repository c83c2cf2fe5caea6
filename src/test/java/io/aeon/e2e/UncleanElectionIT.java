package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonCluster;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The only replica that was in sync is gone. No session expires. */
class UncleanElectionIT {
    private static final int SESSION_MS = 30 * 60_000;
    private static AeonCluster cluster;
    private static Admin admin;

    @BeforeAll
    static void formCluster() {
        cluster = Aeon.cluster(3)
                .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                .set("aeon.kafka.unclean.leader.election.interval.ms", 1000)
                .start();
        admin = new Clients(cluster.bootstrapServers()).admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        cluster.close();
    }

    private static Stream<Arguments> elections() {
        return Stream.of(
                Arguments.of("asked-for", (Consumer<String>) UncleanElectionIT::elect),
                Arguments.of("allowed", (Consumer<String>) UncleanElectionIT::allow));
    }

    @ParameterizedTest
    @MethodSource("elections")
    void aReplicaThatMissesRecordsLeadsOnlyByWishAndTheOthersFollowIt(String topic, Consumer<String> wish) {
        int controller = done(admin.describeMetadataQuorum().quorumInfo()).leaderId();
        List<Integer> replicas =
                cluster.nodes().stream().filter(node -> node != controller).toList();
        int whole = replicas.get(0);
        int behind = replicas.get(1);
        done(admin.createTopics(List.of(new NewTopic(topic, Map.of(0, replicas))))
                .all());
        send(topic, "in both");
        cluster.kill(behind);
        until(topic, partition -> inSync(partition).equals(List.of(whole)));
        send(topic, "in one");
        var unused = cluster.node(whole).control().requests("Fetch").hold();
        cluster.start(behind);
        cluster.kill(whole);
        until(topic, partition -> partition.leader() == null);

        wish.accept(topic);

        until(
                topic,
                partition -> partition.leader() != null && partition.leader().id() == behind);
        send(topic, "later");
        cluster.start(whole);
        until(topic, partition -> inSync(partition).size() == 2);
        done(admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(Type.TOPIC, topic),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("unclean.leader.election.enable", ""), OpType.DELETE))))
                .all());
        TopicPartition elected = new TopicPartition(topic, 0);
        done(admin.electLeaders(ElectionType.PREFERRED, Set.of(elected)).all());
        until(
                topic,
                partition -> partition.leader() != null && partition.leader().id() == whole);
        send(topic, "last");
        assertThat(Clients.values(new Clients(cluster.node(controller)).read(topic, 0, 3)))
                .containsExactly("in both", "later", "last");
    }

    private static void elect(String topic) {
        done(admin.electLeaders(ElectionType.UNCLEAN, Set.of(new TopicPartition(topic, 0)))
                .all());
    }

    private static void allow(String topic) {
        done(admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(Type.TOPIC, topic),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("unclean.leader.election.enable", "true"), OpType.SET))))
                .all());
    }

    private static void send(String topic, String value) {
        new Clients(cluster.bootstrapServers()).send(topic, List.of(value), Map.of("acks", "all"));
    }

    private static void until(String topic, Predicate<TopicPartitionInfo> condition) {
        await().atMost(Clients.PATIENCE)
                .ignoreExceptionsMatching(failure -> true)
                .until(() -> condition.test(partition(topic)));
    }

    private static TopicPartitionInfo partition(String topic) {
        TopicDescription found =
                done(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        return found.partitions().get(0);
    }

    private static List<Integer> inSync(TopicPartitionInfo partition) {
        return partition.isr().stream().map(Node::id).sorted().toList();
    }
}
