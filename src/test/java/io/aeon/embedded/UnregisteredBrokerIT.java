package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.metadata.ClusterImage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** The registration of a broker that runs is removed, and no other process takes its place. */
class UnregisteredBrokerIT {
    private static final String TOPIC = "orders";
    private static final int REMOVED = 2;

    @Test
    void itRegistersAgainAndItsReplicasAreInSyncAgain() {
        try (AeonCluster cluster = Aeon.cluster(3).start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            PatientWaits.done(admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 3)))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture());
            Aeon broker = cluster.node(REMOVED);
            long before = broker.metadata().brokerEpoch();

            PatientWaits.done(cluster.node(1).metadata().controller().unregisterBroker(REMOVED));

            await().until(() -> broker.metadata().brokerEpoch() > before);
            await().until(() -> isInSync(cluster.node(1).metadata().image()));
            assertThat(cluster.node(1).metadata().image().brokers()).hasSize(3);
            assertThat(broker.whenStopped().toCompletableFuture()).isNotDone();
        }
    }

    private static boolean isInSync(ClusterImage image) {
        return image.topic(TOPIC).orElseThrow().partitions().get(0).isr().contains(REMOVED);
    }
}
