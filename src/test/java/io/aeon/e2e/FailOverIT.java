package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonCluster;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Test;

/** A node of a cluster is killed. No session expires during the test. */
class FailOverIT {
    private static final int SESSION_MS = 30 * 60_000;
    private static final String TOPIC = "orders";

    @Test
    void writesGoOnWhenTheLeaderOfTheQuorumAndOfThePartitionIsKilled() {
        try (AeonCluster cluster = Aeon.cluster(3)
                        .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                        .start();
                Admin admin = new Clients(cluster.bootstrapServers()).admin();
                Producer<String, String> producer =
                        new Clients(cluster.bootstrapServers()).producer(Map.of("acks", "all"))) {
            int leader = done(admin.describeMetadataQuorum().quorumInfo()).leaderId();
            List<Integer> others =
                    cluster.nodes().stream().filter(node -> node != leader).toList();
            done(admin.createTopics(List.of(new NewTopic(
                                    TOPIC, Map.of(0, List.of(leader, others.get(0), others.get(1))))
                            .configs(Map.of("min.insync.replicas", "2"))))
                    .all());
            send(producer, "before");

            cluster.kill(leader);
            send(producer, "after");

            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(done(admin.describeCluster().nodes()))
                            .extracting(Node::id)
                            .containsExactlyElementsOf(others));
            assertThat(Clients.values(new Clients(cluster.node(others.get(1))).read(TOPIC, 0, 2)))
                    .containsExactly("before", "after");

            cluster.start(leader);
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(done(admin.describeCluster().nodes()))
                            .as("the killed node is in service again")
                            .extracting(Node::id)
                            .contains(leader));
            cluster.stop(leader);
            cluster.start(leader);
        }
    }

    private static void send(Producer<String, String> producer, String value) {
        assertThat(producer.send(new ProducerRecord<>(TOPIC, 0, null, value))).succeedsWithin(Clients.PATIENCE);
    }
}
