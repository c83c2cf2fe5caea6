package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compacted topics as clients see them. */
class CompactionIT {
    private static final TopicPartition PARTITION = new TopicPartition("latest", 0);
    private static final Map<String, String> COMPACTED = Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", "1048576",
            "min.cleanable.dirty.ratio", "0.01");
    private static final int KEYS = 100;

    @Test
    void aCompactedTopicReadFromItsStartGivesTheLatestValues(@TempDir Path dir) throws Exception {
        Map<String, String> latest = new LinkedHashMap<>();
        try (Aeon broker = start(dir)) {
            Clients clients = new Clients(broker);
            clients.create("latest", 1, COMPACTED);
            write(clients, latest, 3_000);
            await().until(() -> isCompacted(read(clients, 0), activeSegment(dir)));

            List<ConsumerRecord<String, String>> left = read(clients, 0);
            assertThat(left).hasSizeLessThan(2_000);
            assertThat(values(left)).isEqualTo(latest);
            ConsumerRecord<String, String> first = left.get(0);
            assertThat(read(clients, 0).get(0).offset()).isEqualTo(first.offset());
            try (Admin admin = clients.admin()) {
                assertThat(offset(admin, OffsetSpec.earliest())).isZero();
                assertThat(offset(admin, OffsetSpec.latest())).isEqualTo(3_000);
                assertThat(offset(admin, OffsetSpec.forTimestamp(1))).isEqualTo(first.offset());
                assertThat(offset(admin, OffsetSpec.forTimestamp(left.get(50).timestamp())))
                        .isLessThanOrEqualTo(left.get(50).offset());
            }
        }
        try (Aeon broker = start(dir)) {
            Clients clients = new Clients(broker);
            assertThat(values(read(clients, 0))).isEqualTo(latest);
            write(clients, latest, 10);
            assertThat(values(read(clients, 0))).isEqualTo(latest);
        }
    }

    @Test
    void aRecordWithoutAKeyIsRefused() {
        try (Aeon broker = Aeon.builder().start()) {
            Clients clients = new Clients(broker);
            clients.create("latest", 1, COMPACTED);
            try (var producer = clients.producer(Map.of())) {
                Future<RecordMetadata> refused = producer.send(new ProducerRecord<>("latest", 0, null, "keyless"));
                assertThatThrownBy(() -> refused.get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .hasCauseInstanceOf(InvalidRecordException.class);
            }
        }
    }

    @Test
    void committedOffsetsSurviveTheCompactionOfTheirTopic(@TempDir Path dir) {
        Map<String, Object> reader = Map.of("group.id", "readers", "enable.auto.commit", false);
        String note = "x".repeat(4_000);
        try (Aeon broker = start(dir)) {
            Clients clients = new Clients(broker);
            clients.create("latest", 1, Map.of());
            try (var consumer = clients.consumer(reader);
                    Admin admin = clients.admin()) {
                consumer.assign(List.of(PARTITION));
                for (int commit = 1; commit <= 600; commit++) {
                    consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(commit, note)));
                }
                assertThat(done(admin.describeTopics(List.of("__consumer_offsets"))
                                .allTopicNames()))
                        .hasSize(1);
            }
            await().until(() -> size(clients) < 1_500_000);
        }
        try (Aeon broker = start(dir);
                Admin admin = new Clients(broker).admin()) {
            assertThat(done(admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata()))
                    .containsEntry(PARTITION, new OffsetAndMetadata(600, note));
        }
    }

    /** Whether no key has two records below the active segment; compaction then leaves the log as it is. */
    private static boolean isCompacted(List<ConsumerRecord<String, String>> records, long activeSegment) {
        Set<String> keys = new HashSet<>();
        return records.stream()
                .filter(record -> record.offset() < activeSegment)
                .allMatch(record -> keys.add(record.key()));
    }

    /** The base offset of the last segment. */
    private static long activeSegment(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve(PARTITION.toString()))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .mapToLong(name -> Long.parseLong(name.substring(0, name.length() - ".log".length())))
                    .max()
                    .orElseThrow();
        }
    }

    private static long size(Clients clients) {
        try (Admin admin = clients.admin()) {
            return done(admin.describeLogDirs(List.of(1)).allDescriptions()).get(1).values().stream()
                    .flatMap(log -> log.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().topic().equals("__consumer_offsets"))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        }
    }

    private static Aeon start(Path dir) {
        return Aeon.builder()
                .set("aeon.data-dir", dir.toString())
                .set("aeon.log.flush", "os")
                .set("aeon.kafka.offsets.topic.num.partitions", 1)
                .set("aeon.kafka.offsets.topic.segment.bytes", 1 << 20)
                .start();
    }

    private static void write(Clients clients, Map<String, String> latest, int records) throws Exception {
        try (var producer = clients.producer(Map.of("compression.type", "lz4", "batch.size", 20_000))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                String key = "key " + (i * 31 % KEYS);
                String value = i + " " + System.nanoTime() + noise();
                latest.remove(key);
                latest.put(key, value);
                sent.add(producer.send(new ProducerRecord<>("latest", 0, key, value)));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    /** A kilobyte that no codec can compress much. */
    private static String noise() {
        byte[] bytes = new byte[1_000];
        new java.util.Random().nextBytes(bytes);
        return java.util.HexFormat.of().formatHex(bytes);
    }

    private static List<ConsumerRecord<String, String>> read(Clients clients, long from) {
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        try (var consumer = clients.consumer(Map.of())) {
            consumer.assign(List.of(PARTITION));
            consumer.seek(PARTITION, from);
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            while (consumer.position(PARTITION) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            }
        }
        return all;
    }

    private static Map<String, String> values(List<ConsumerRecord<String, String>> records) {
        Map<String, String> values = new LinkedHashMap<>();
        records.forEach(record -> {
            values.remove(record.key());
            values.put(record.key(), record.value());
        });
        return values;
    }

    private static long offset(Admin admin, OffsetSpec spec) {
        return done(admin.listOffsets(Map.of(PARTITION, spec)).all())
                .get(PARTITION)
                .offset();
    }
}
