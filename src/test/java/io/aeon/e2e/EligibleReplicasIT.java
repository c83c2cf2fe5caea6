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
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

/** A partition has fewer replicas in sync than min.insync.replicas (KIP-966). */
class EligibleReplicasIT {
    private static final String TOPIC = "orders";

    @Test
    void theDescriptionOfATopicNamesTheReplicasThatMayBeElectedWithoutLoss() {
        try (AeonCluster cluster = Aeon.cluster(3).start();
                Admin admin = new Clients(cluster.bootstrapServers()).admin()) {
            int active = done(admin.describeMetadataQuorum().quorumInfo()).leaderId();
            int stopped = cluster.nodes().stream()
                    .filter(node -> node != active)
                    .findFirst()
                    .orElseThrow();
            done(admin.createTopics(List.of(new NewTopic(TOPIC, Map.of(0, List.of(active, stopped)))
                            .configs(Map.of("min.insync.replicas", "2"))))
                    .all());

            cluster.stop(stopped);

            await().ignoreExceptions().untilAsserted(() -> {
                TopicPartitionInfo told = partition(admin);
                assertThat(told.isr()).hasSize(1);
                assertThat(told.elr()).extracting(Node::id).containsExactly(stopped);
                assertThat(told.lastKnownElr()).isEmpty();
            });
        }
    }

    private static TopicPartitionInfo partition(Admin admin) {
        return done(admin.describeTopics(List.of(TOPIC)).allTopicNames())
                .get(TOPIC)
                .partitions()
                .get(0);
    }
}
