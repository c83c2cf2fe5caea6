package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.control.InjectedFault;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a leader is damaged on its disk, which it finds out while it runs. */
class DamagedLeaderIT {
    private static final String TOPIC = "orders";
    private static final int LEADER = 2;

    @TempDir
    private Path dir;

    @Test
    void anInSyncReplicaLeadsAndTheDamagedOneIsCopiedFromIt() throws Exception {
        try (AeonCluster cluster = Aeon.cluster(3)
                        .dataDirectory(dir)
                        .set("aeon.log.flush", "sync")
                        .start();
                Admin admin = new Clients(cluster.bootstrapServers()).admin();
                Producer<String, String> producer =
                        new Clients(cluster.bootstrapServers()).producer(Map.of("acks", "all"))) {
            done(admin.createTopics(List.of(new NewTopic(TOPIC, Map.of(0, List.of(LEADER, 1, 3)))
                            .configs(Map.of("min.insync.replicas", "2"))))
                    .all());
            Clients clients = new Clients(cluster.bootstrapServers());
            List<String> values = new ArrayList<>(
                    IntStream.range(0, 20).mapToObj(i -> "value " + i).toList());
            clients.send(TOPIC, values, Map.of("acks", "all", "batch.size", 0));

            flipMiddleByte(log(LEADER));
            Future<?> next;
            try (InjectedFault fault =
                    cluster.node(LEADER).control().disk(TOPIC, 0).fail()) {
                values.add("next");
                next = producer.send(new ProducerRecord<>(TOPIC, 0, null, "next"));
                await().atMost(Clients.PATIENCE).until(() -> fault.hits() > 0);
            }

            assertThat(next).succeedsWithin(Clients.PATIENCE);
            await().ignoreExceptions().untilAsserted(() -> {
                assertThat(partition(admin).leader().id()).isNotEqualTo(LEADER);
                assertThat(partition(admin).isr()).hasSize(3);
            });
            assertThat(Clients.values(clients.read(TOPIC, 0, values.size()))).isEqualTo(values);
            await().atMost(Clients.PATIENCE).until(() -> Files.mismatch(log(1), log(LEADER)) < 0);
        }
    }

    private Path log(int node) {
        return dir.resolve(Integer.toString(node)).resolve(TOPIC + "-0").resolve("00000000000000000000.log");
    }

    private static void flipMiddleByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static TopicPartitionInfo partition(Admin admin) {
        return done(admin.describeTopics(List.of(TOPIC)).allTopicNames())
                .get(TOPIC)
                .partitions()
                .get(0);
    }
}
