package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.coordinator.StoredRecords;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.StartException;
import io.aeon.embedded.StoppedLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A byte changes on the disk of a stopped broker: the effect on clients, and the answer of the log commands. */
class DamageIT {
    private static final TopicPartition DAMAGED = new TopicPartition("damaged", 0);
    private static final Map<String, Object> ONE_BATCH_EACH = Map.of("batch.size", 0);
    private static final Map<String, Object> NO_RETRIES = Map.of("retries", 0, "enable.idempotence", false);

    @TempDir
    private Path dir;

    @Test
    void aDamagedPartitionServesTheRecordsBeforeTheDamageUntilItIsRepaired() throws Exception {
        List<String> values = IntStream.range(0, 10)
                .mapToObj(i -> "a value too long for two in a batch ".repeat(5) + i)
                .toList();
        try (Aeon broker = start()) {
            Clients clients = new Clients(broker);
            clients.send("damaged", values, ONE_BATCH_EACH);
            clients.send("whole", values, ONE_BATCH_EACH);
        }
        Path segment = dir.resolve("damaged-0/00000000000000000000.log");
        flipLastByte(segment);

        try (Aeon broker = start()) {
            Clients clients = new Clients(broker);
            assertThat(Clients.values(clients.read("damaged", 0, 9))).isEqualTo(values.subList(0, 9));
            try (var consumer = clients.consumer(Map.of())) {
                consumer.assign(List.of(DAMAGED));
                consumer.seek(DAMAGED, 9);
                assertThat(consumer.poll(Duration.ofMillis(300))).isEmpty();
                assertThat(consumer.position(DAMAGED)).isEqualTo(9);
            }
            try (var producer = clients.producer(NO_RETRIES)) {
                assertThatThrownBy(() -> producer.send(new ProducerRecord<>("damaged", 0, null, "refused"))
                                .get())
                        .hasCauseInstanceOf(KafkaStorageException.class);
            }
            assertThat(new Browser(broker.console().orElseThrow())
                            .get("/readyz")
                            .body())
                    .startsWith("ready\nproblem: partition damaged-0 has a damaged log")
                    .contains("aeon log repair");
            assertThat(clients.send("whole", List.of("more"), Map.of()).offset())
                    .isEqualTo(10);
            assertThatThrownBy(() -> new StoppedLogs(dir, line -> {})).isInstanceOf(StartException.class);
        }

        assertThat(verify())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("DAMAGED " + segment + " at ")
                        .contains("wrong CRC"))
                .last()
                .asString()
                .matches("\\d+ logs read, 1 damaged; \\d+ MiB in \\d+\\.\\d s");
        try (StoppedLogs logs = new StoppedLogs(dir.resolve("damaged-0"), line -> {})) {
            logs.repair(line -> {});
        }
        assertThat(verify()).noneSatisfy(line -> assertThat(line).startsWith("DAMAGED"));
        assertThat(dir.resolve("damaged-0.cut.1")).isNotEmptyDirectory();
        List<String> dumped = new ArrayList<>();
        try (StoppedLogs logs = new StoppedLogs(dir.resolve("damaged-0"), line -> {})) {
            assertThat(logs.dump(true, dumped::add)).isTrue();
        }
        assertThat(dumped)
                .anyMatch(line -> line.contains("offsets 8..8 records 1 epoch 0"))
                .anyMatch(line -> line.contains("offset 8 ") && line.endsWith("value \"" + values.get(8) + "\""));

        try (Aeon broker = start()) {
            Clients clients = new Clients(broker);
            assertThat(clients.send("damaged", List.of("next"), Map.of()).offset())
                    .isEqualTo(10);
            assertThat(clients.read("damaged", 8, 2))
                    .extracting(record -> record.offset())
                    .containsExactly(8L, 10L);
        }
    }

    @Test
    void aDamagedOffsetsPartitionCostsItsOwnGroupsOnly() throws Exception {
        TopicPartition read = new TopicPartition("whole", 0);
        try (Aeon broker = start();
                Admin admin = new Clients(broker).admin()) {
            new Clients(broker).create("whole", 1, Map.of());
            for (String group : List.of("unlucky", "lucky")) {
                done(admin.alterConsumerGroupOffsets(group, Map.of(read, new OffsetAndMetadata(0)))
                        .all());
            }
        }
        flipLastByte(dir.resolve("__consumer_offsets-" + StoredRecords.partitionFor("unlucky", 4))
                .resolve("00000000000000000000.log"));

        try (Aeon broker = start();
                Admin admin = new Clients(broker).admin()) {
            assertThat(done(admin.listConsumerGroupOffsets("lucky").partitionsToOffsetAndMetadata()))
                    .containsEntry(read, new OffsetAndMetadata(0));
            assertThatThrownBy(() -> admin.listConsumerGroupOffsets(
                                    "unlucky", new ListConsumerGroupOffsetsOptions().timeoutMs(1000))
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .isInstanceOf(Exception.class);
            done(admin.alterConsumerGroupOffsets("lucky", Map.of(read, new OffsetAndMetadata(1)))
                    .all());
        }
    }

    private List<String> verify() {
        List<String> lines = new ArrayList<>();
        try (StoppedLogs logs = new StoppedLogs(dir, line -> {})) {
            logs.verify(lines::add);
        }
        return lines;
    }

    private static void flipLastByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    private Aeon start() {
        return Aeon.builder()
                .set("aeon.console.port", 0)
                .dataDirectory(dir)
                .set("aeon.kafka.offsets.topic.num.partitions", 4)
                .start();
    }
}
