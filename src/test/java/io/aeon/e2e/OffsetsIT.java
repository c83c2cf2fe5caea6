package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.embedded.Aeon;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The start and the end of a log, offsets by time, and the effect of retention and deletion. */
class OffsetsIT {
    private static Aeon broker;
    private static Clients clients;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = Aeon.builder()
                .set("aeon.kafka.log.retention.check.interval.ms", 100)
                .start();
        clients = new Clients(broker);
        admin = clients.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void offsetsAreFoundByTime(String codec) {
        String topic = "times-" + codec;
        clients.create(topic, 1, Map.of("retention.ms", "-1"));
        try (var producer = clients.producer(Map.of("compression.type", codec, "linger.ms", 50))) {
            for (long time : new long[] {1_000, 2_000, 9_000, 3_000}) {
                var unused = producer.send(new ProducerRecord<>(topic, 0, time, null, "at " + time));
            }
        }

        assertThat(offset(topic, OffsetSpec.earliest()).offset()).isZero();
        assertThat(offset(topic, OffsetSpec.latest()).offset()).isEqualTo(4);
        assertThat(offset(topic, OffsetSpec.maxTimestamp()).offset()).isEqualTo(2);
        assertThat(offset(topic, OffsetSpec.maxTimestamp()).timestamp()).isEqualTo(9_000);
        assertThat(offset(topic, OffsetSpec.forTimestamp(1_001)).offset()).isEqualTo(1);
        assertThat(offset(topic, OffsetSpec.forTimestamp(1_001)).timestamp()).isEqualTo(2_000);
        assertThat(offset(topic, OffsetSpec.forTimestamp(2_500)).offset()).isEqualTo(2);
        assertThat(offset(topic, OffsetSpec.forTimestamp(9_001)).offset()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void aTimeIsNotFoundInDeletedRecordsOfABatchButAfterIt(String codec) {
        String topic = "cut-times-" + codec;
        clients.create(topic, 1, Map.of("retention.ms", "-1"));
        try (var producer = clients.producer(Map.of("compression.type", codec, "linger.ms", 1_000))) {
            for (long time : new long[] {10, 20, 100, 30, 40, 50}) {
                var unused = producer.send(new ProducerRecord<>(topic, 0, time, null, "at " + time));
            }
            producer.flush();
            var unused = producer.send(new ProducerRecord<>(topic, 0, 80L, null, "in another batch"));
        }
        TopicPartition partition = new TopicPartition(topic, 0);

        done(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4)))
                .all());

        assertThat(offset(topic, OffsetSpec.forTimestamp(45)).offset()).isEqualTo(5);
        assertThat(offset(topic, OffsetSpec.forTimestamp(60)).offset()).isEqualTo(6);
        assertThat(offset(topic, OffsetSpec.forTimestamp(60)).timestamp()).isEqualTo(80);
        assertThat(offset(topic, OffsetSpec.forTimestamp(90)).offset()).isEqualTo(-1);
        assertThat(offset(topic, OffsetSpec.maxTimestamp()).offset()).isEqualTo(6);
        assertThat(offset(topic, OffsetSpec.maxTimestamp()).timestamp()).isEqualTo(80);
    }

    @Test
    void deletedRecordsAreNotReadAnyMore() {
        clients.create("cut", 1, Map.of());
        clients.send("cut", List.of("a", "b", "c", "d"), Map.of());
        TopicPartition partition = new TopicPartition("cut", 0);

        var deleted = admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)));

        assertThat(done(deleted.lowWatermarks().get(partition)).lowWatermark()).isEqualTo(2);
        assertThat(offset("cut", OffsetSpec.earliest()).offset()).isEqualTo(2);
        assertThat(Clients.values(clients.read("cut", 2, 2))).containsExactly("c", "d");
        try (var consumer = clients.consumer(Map.of("auto.offset.reset", "none"))) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 1);
            assertThatThrownBy(() -> consumer.poll(Clients.PATIENCE)).isInstanceOf(OffsetOutOfRangeException.class);
        }
    }

    @Test
    void retentionBySizeDropsTheOldestSegments() {
        clients.create("short", 1, Map.of("segment.bytes", "1048576", "retention.bytes", "2097152"));
        String value = "x".repeat(10_000);
        clients.send(
                "short",
                IntStream.range(0, 600).mapToObj(i -> value).toList(),
                Map.of("batch.size", 10_000, "compression.type", "none"));

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(offset("short", OffsetSpec.earliest()).offset())
                                .isBetween(200L, 450L));
        assertThat(offset("short", OffsetSpec.latest()).offset()).isEqualTo(600);
    }

    private static ListOffsetsResultInfo offset(String topic, OffsetSpec spec) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return done(admin.listOffsets(Map.of(partition, spec)).partitionResult(partition));
    }
}
