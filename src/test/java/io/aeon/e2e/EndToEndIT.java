package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Produces and consumes with Kafka's own Java clients. */
class EndToEndIT {
    private static Aeon broker;
    private static Clients clients;

    @BeforeAll
    static void start() {
        broker = Aeon.builder().start();
        clients = new Clients(broker);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void recordsAreReadWithTheirKeysHeadersAndTimestamps(String codec) throws Exception {
        String topic = "codec-" + codec;
        clients.create(topic, 1, Map.of());
        try (var producer = clients.producer(Map.of("compression.type", codec, "linger.ms", 20))) {
            for (int i = 0; i < 100; i++) {
                ProducerRecord<String, String> record =
                        new ProducerRecord<>(topic, 0, 1_000_000L + i, "key " + i, "value ".repeat(50) + i);
                record.headers().add("n", Integer.toString(i).getBytes(StandardCharsets.UTF_8));
                record.headers().add("empty", null);
                var unused = producer.send(record);
            }
            producer.flush();
        }

        List<ConsumerRecord<String, String>> read = clients.read(topic, 0, 100);

        assertThat(read).hasSize(100);
        for (int i = 0; i < 100; i++) {
            ConsumerRecord<String, String> record = read.get(i);
            assertThat(record.offset()).isEqualTo(i);
            assertThat(record.key()).isEqualTo("key " + i);
            assertThat(record.value()).isEqualTo("value ".repeat(50) + i);
            assertThat(record.timestamp()).isEqualTo(1_000_000L + i);
            assertThat(record.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
            assertThat(record.headers().lastHeader("n").value()).asString().isEqualTo(Integer.toString(i));
            assertThat(record.headers().lastHeader("empty").value()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "zstd"})
    void aTopicMayStampRecordsWithTheBrokersTime(String codec) {
        String topic = "append-time-" + codec;
        clients.create(topic, 1, Map.of("message.timestamp.type", "LogAppendTime"));
        long before = System.currentTimeMillis();
        clients.send(topic, List.of("a", "b"), Map.of("compression.type", codec));
        long after = System.currentTimeMillis();

        assertThat(clients.read(topic, 0, 2)).allSatisfy(record -> {
            assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            assertThat(record.timestamp()).isBetween(before, after);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void everyAcksSettingWorks(String acks) {
        String topic = "acks-" + acks;
        clients.create(topic, 1, Map.of());
        List<String> values = IntStream.range(0, 500).mapToObj(i -> "v" + i).toList();

        clients.send(topic, values, Map.of("acks", acks, "enable.idempotence", acks.equals("all"), "batch.size", 256));

        assertThat(Clients.values(clients.read(topic, 0, 500))).isEqualTo(values);
    }

    @Test
    void readingMayBeginInsideABatch() {
        clients.create("inside", 1, Map.of());
        clients.send("inside", List.of("a", "b", "c", "d"), Map.of("linger.ms", 100, "compression.type", "lz4"));

        assertThat(Clients.values(clients.read("inside", 2, 2))).containsExactly("c", "d");
    }

    @Test
    void aConsumerWaitsForLaterRecords() throws Exception {
        clients.create("later", 1, Map.of());
        try (var producer = clients.producer(Map.of())) {
            producer.send(new ProducerRecord<>("later", "first")).get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            var read = java.util.concurrent.CompletableFuture.supplyAsync(() -> clients.read("later", 0, 2));
            producer.send(new ProducerRecord<>("later", "second")).get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(Clients.values(read.get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS)))
                    .containsExactly("first", "second");
        }
    }

    @Test
    void aRecordLargerThanAFetchIsStillRead() {
        clients.create("large", 1, Map.of("max.message.bytes", "6000000"));
        String large = "x".repeat(5_000_000);
        clients.send("large", List.of("small", large, "small"), Map.of("max.request.size", 6_000_000));

        try (var consumer = clients.consumer(
                Map.of("max.partition.fetch.bytes", 1_000, "fetch.max.bytes", 1_000, "group.id", "large"))) {
            consumer.subscribe(List.of("large"));
            assertThat(Clients.values(Clients.poll(consumer, 3))).containsExactly("small", large, "small");
        }
    }

    @Test
    void aRecordLargerThanTheTopicAllowsIsRefused() {
        clients.create("bounded", 1, Map.of("max.message.bytes", "1000"));

        try (var producer = clients.producer(Map.of())) {
            assertThat(producer.send(new ProducerRecord<>("bounded", "x".repeat(2_000))))
                    .failsWithin(Clients.PATIENCE)
                    .withThrowableThat()
                    .havingRootCause()
                    .isInstanceOf(RecordTooLargeException.class);
        }
    }

    @Test
    void manyPartitionsAreReadTogether() throws Exception {
        clients.create("many", 12, Map.of());
        try (var producer = clients.producer(Map.of())) {
            for (int i = 0; i < 1_200; i++) {
                var unused = producer.send(new ProducerRecord<>("many", "key " + i, "value " + i));
            }
            producer.flush();
        }

        try (var consumer = clients.consumer(Map.of("group.id", "many"))) {
            consumer.subscribe(List.of("many"));
            List<ConsumerRecord<String, String>> read = Clients.poll(consumer, 1_200);
            assertThat(read).hasSize(1_200);
            assertThat(read.stream().map(ConsumerRecord::partition).distinct()).hasSize(12);
            assertThat(read.stream().map(ConsumerRecord::value).distinct()).hasSize(1_200);
        }
    }

    @Test
    void anEmptyValueAndNoValueAreKeptApart() {
        clients.create("empty", 1, Map.of());
        RecordMetadata last = clients.send("empty", java.util.Arrays.asList("", null), Map.of());

        assertThat(last.offset()).isEqualTo(1);
        assertThat(Clients.values(clients.read("empty", 0, 2))).containsExactly("", null);
    }
}
