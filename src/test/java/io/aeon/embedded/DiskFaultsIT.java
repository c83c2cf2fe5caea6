package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.broker.disk.BreakableFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A complete broker with real clients, on a disk that is full or hangs. */
class DiskFaultsIT {
    /** More partitions than the broker has threads that the disk could block. */
    private static final int MANY = 2 * Runtime.getRuntime().availableProcessors() + 20;

    private static final long SECONDS = PatientWaits.LIMIT.toSeconds();

    private final BreakableFiles disk = new BreakableFiles();
    private Aeon broker;
    private Admin admin;
    private KafkaProducer<String, String> producer;

    @TempDir
    private Path dir;

    @BeforeEach
    void start() throws Exception {
        broker = Aeon.builder().dataDirectory(dir).files(disk.files()).start();
        admin = Admin.create(settings(Map.of()));
        producer = new KafkaProducer<>(
                settings(Map.of(
                        "retries", 0,
                        "enable.idempotence", false,
                        "request.timeout.ms", 600_000,
                        "delivery.timeout.ms", 1_200_000)),
                new StringSerializer(),
                new StringSerializer());
        done(admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1), new NewTopic("many", MANY, (short) 1)))
                .all());
        send("kept", 0).get(SECONDS, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        disk.letGo();
        producer.close();
        admin.close();
        broker.close();
    }

    @Test
    void withLittleSpaceOnlyProducersAreRefused() {
        disk.usableSpace(40 << 20);
        await().until(this::isRefused);

        assertThatThrownBy(() -> send("kept", 0).get(SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(KafkaStorageException.class)
                .hasMessageContaining("bytes are free");
        assertThat(readKept()).isEqualTo("kept");
        TopicPartition kept = new TopicPartition("kept", 0);
        done(admin.alterConsumerGroupOffsets("group", Map.of(kept, new OffsetAndMetadata(1)))
                .all());
        done(admin.createTopics(List.of(new NewTopic("made", 1, (short) 1))).all());
        done(admin.deleteTopics(List.of("made")).all());

        disk.usableSpace(Long.MAX_VALUE);
        await().until(() -> !isRefused());
    }

    @Test
    void onAFullDiskOnlyProducersAreRefusedUntilSpaceIsFree() {
        disk.failWrite(true);

        assertThat(isRefused()).isTrue();
        assertThat(isRefused()).isTrue();
        assertThat(readKept()).isEqualTo("kept");
        done(admin.deleteTopics(List.of("many")).all());

        disk.failWrite(false);
        await().until(() -> !isRefused());
    }

    @Test
    void aHangingDiskDelaysOnlyRequestsThatNeedIt() throws Exception {
        try (KafkaConsumer<String, String> member = consumer()) {
            member.subscribe(List.of("kept"));
            await().until(() -> !member.poll(Duration.ofMillis(100)).isEmpty());
            disk.hang();
            List<Future<RecordMetadata>> held = new ArrayList<>();
            for (int partition = 0; partition < MANY; partition++) {
                held.add(send("many", partition));
            }

            double before = heartbeats(member);
            await().until(() -> {
                member.poll(Duration.ofMillis(10));
                return heartbeats(member) > before + 10;
            });
            assertThat(readKept()).isEqualTo("kept");
            done(admin.describeCluster().nodes());
            assertThat(held).noneMatch(Future::isDone);

            disk.letGo();
            for (Future<RecordMetadata> each : held) {
                each.get(SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private boolean isRefused() {
        try {
            send("kept", 0).get(SECONDS, TimeUnit.SECONDS);
            return false;
        } catch (Exception e) {
            assertThat(e).hasCauseInstanceOf(KafkaStorageException.class);
            return true;
        }
    }

    private Future<RecordMetadata> send(String topic, int partition) {
        return producer.send(new ProducerRecord<>(topic, partition, null, topic));
    }

    private String readKept() {
        try (KafkaConsumer<String, String> reader = consumer()) {
            TopicPartition kept = new TopicPartition("kept", 0);
            reader.assign(List.of(kept));
            reader.seek(kept, 0);
            return reader.poll(Duration.ofSeconds(SECONDS)).iterator().next().value();
        }
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                settings(Map.of(
                        "group.id",
                        "members",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false,
                        "heartbeat.interval.ms",
                        20)),
                new StringDeserializer(),
                new StringDeserializer());
    }

    /** The number of answered heartbeats. */
    private static double heartbeats(KafkaConsumer<?, ?> consumer) {
        return consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("heartbeat-total"))
                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                .sum();
    }

    private Map<String, Object> settings(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.put("bootstrap.servers", broker.bootstrapServers());
        return all;
    }

    private static <T> T done(KafkaFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
