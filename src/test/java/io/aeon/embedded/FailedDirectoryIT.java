package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.broker.disk.BreakableFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes; the disk of a data directory of the second one fails. */
class FailedDirectoryIT {
    private static final String TOPIC = "orders";

    @TempDir
    private Path dir;

    @Test
    void partitionsWhoseDirectoryFailsAreLedByAnotherBroker() throws Exception {
        BreakableFiles disk = new BreakableFiles();
        Path failing = dir.resolve("failing");
        disk.breakOnly(failing);
        try (Aeon first = Aeon.builder()
                        .dataDirectory(dir.resolve("1"))
                        .set("aeon.listeners.controller.port", 0)
                        .start();
                Aeon second = Aeon.builder()
                        .dataDirectory(dir.resolve("2"))
                        .set("aeon.node-id", 2)
                        .set("aeon.join", first.controller().orElseThrow())
                        .set("aeon.further-data-dirs", failing.toString())
                        .files(disk.files())
                        .start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", first.bootstrapServers()));
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", second.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            done(admin.createTopics(List.of(new NewTopic(TOPIC, Map.of(0, List.of(2, 1), 1, List.of(2, 1)))))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture());
            for (int partition = 0; partition < 2; partition++) {
                done(producer.send(new ProducerRecord<>(TOPIC, partition, null, "a")));
            }
            int hit = failing.resolve(TOPIC + "-0").toFile().exists() ? 0 : 1;
            assertThat(failing.resolve(TOPIC + "-" + hit)).isDirectory();

            disk.failWrite(true);
            Future<?> record = producer.send(new ProducerRecord<>(TOPIC, hit, null, "b"));

            done(record);
            TopicPartitionInfo moved = partition(admin, hit);
            assertThat(moved.leader().id()).isEqualTo(1);
            assertThat(partition(admin, 1 - hit).leader().id()).isEqualTo(2);
            await().until(() -> partition(admin, hit).isr().size() == 1);
            disk.failWrite(false);
        }
    }

    private static TopicPartitionInfo partition(Admin admin, int index) throws Exception {
        return done(admin.describeTopics(List.of(TOPIC))
                        .allTopicNames()
                        .toCompletionStage()
                        .toCompletableFuture())
                .get(TOPIC)
                .partitions()
                .get(index);
    }

    private static <T> T done(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
