package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartitionReplica;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader moves between its data directories while each write waits for its follower. */
class FollowedMoveIT {
    private static final String TOPIC = "orders";
    private static final TopicPartitionReplica REPLICA = new TopicPartitionReplica(TOPIC, 0, 2);
    private static final int MOVES = 4;
    private static final int IN_FLIGHT = 20;

    @TempDir
    private Path dir;

    @Test
    void everyWriteIsAcknowledgedInOrder() throws Exception {
        List<Path> places = List.of(dir.resolve("2"), dir.resolve("further"));
        try (Aeon first = Aeon.builder()
                        .dataDirectory(dir.resolve("1"))
                        .set("aeon.listeners.controller.port", 0)
                        .start();
                Aeon second = Aeon.builder()
                        .dataDirectory(places.get(0))
                        .set("aeon.node-id", 2)
                        .set("aeon.join", first.controller().orElseThrow())
                        .set("aeon.further-data-dirs", places.get(1).toString())
                        .start();
                Admin admin = new Clients(second).admin();
                Producer<String, String> producer =
                        new Clients(second).producer(Map.of("acks", "all", "batch.size", 0))) {
            done(admin.createTopics(List.of(
                            new NewTopic(TOPIC, Map.of(0, List.of(2, 1))).configs(Map.of("min.insync.replicas", "2"))))
                    .all());
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            send(producer, sent);

            for (int move = 0; move < MOVES; move++) {
                String target = places.get(
                                info(admin)
                                                .getCurrentReplicaLogDir()
                                                .equals(places.get(0).toString())
                                        ? 1
                                        : 0)
                        .toString();
                done(admin.alterReplicaLogDirs(Map.of(REPLICA, target)).all());
                while (!info(admin).getCurrentReplicaLogDir().equals(target)) {
                    send(producer, sent);
                }
            }

            for (int i = 0; i < sent.size(); i++) {
                assertThat(sent.get(i).get().offset()).isEqualTo(i);
            }
        }
    }

    /** Some writes at once; returns when all but the last ones are acknowledged. */
    private static void send(Producer<String, String> producer, List<Future<RecordMetadata>> sent) {
        for (int i = 0; i < IN_FLIGHT; i++) {
            sent.add(producer.send(new ProducerRecord<>(TOPIC, 0, null, "value")));
        }
        assertThat(sent.get(sent.size() - IN_FLIGHT)).succeedsWithin(Clients.PATIENCE);
    }

    private static ReplicaLogDirInfo info(Admin admin) {
        return done(admin.describeReplicaLogDirs(List.of(REPLICA)).all()).get(REPLICA);
    }
}
