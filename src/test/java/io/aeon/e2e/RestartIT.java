package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The content of a data directory that survives a restart of the broker. */
class RestartIT {
    private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

    @ParameterizedTest
    @ValueSource(strings = {"sync", "interval", "os"})
    void recordsIdsOffsetsAndSettingsAreKept(String flush, @TempDir Path dir) {
        List<String> values =
                IntStream.range(0, 1_000).mapToObj(i -> "value " + i).toList();
        Uuid id;
        String clusterId;
        try (Aeon first = start(dir, flush);
                Admin admin = new Clients(first).admin()) {
            Clients clients = new Clients(first);
            clients.create("kept", 1, Map.of("retention.ms", "123456789"));
            clients.send("kept", values, Map.of("batch.size", 1_000));
            try (var consumer = clients.consumer(Map.of("group.id", "readers", "enable.auto.commit", false))) {
                consumer.subscribe(List.of("kept"));
                Clients.poll(consumer, 1_000);
                consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(400, "so far")));
            }
            done(admin.deleteRecords(Map.of(PARTITION, RecordsToDelete.beforeOffset(100)))
                    .all());
            id = topicId(admin);
            clusterId = done(admin.describeCluster().clusterId());
        }

        try (Aeon second = start(dir, flush);
                Admin admin = new Clients(second).admin()) {
            Clients clients = new Clients(second);
            assertThat(topicId(admin)).isEqualTo(id);
            assertThat(done(admin.describeCluster().clusterId())).isEqualTo(clusterId);
            assertThat(Clients.values(clients.read("kept", 100, 900))).isEqualTo(values.subList(100, 1_000));
            assertThat(done(admin.listOffsets(Map.of(PARTITION, OffsetSpec.earliest()))
                                    .all())
                            .get(PARTITION)
                            .offset())
                    .isEqualTo(100);
            assertThat(done(admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata())
                            .get(PARTITION))
                    .isEqualTo(new OffsetAndMetadata(400, "so far"));
            try (var consumer = clients.consumer(Map.of("group.id", "readers", "enable.auto.commit", false))) {
                consumer.subscribe(List.of("kept"));
                assertThat(Clients.poll(consumer, 600).get(0).offset()).isEqualTo(400);
            }
            assertThat(clients.send("kept", List.of("next"), Map.of()).offset()).isEqualTo(1_000);
        }
    }

    @Test
    void aStaticMemberComesBackIntoItsGeneration(@TempDir Path dir) {
        Map<String, Object> member = Map.of("group.id", "group", "group.instance.id", "static");
        List<Integer> generations = new ArrayList<>();
        for (int start = 0; start < 2; start++) {
            try (Aeon broker = start(dir, "sync")) {
                Clients clients = new Clients(broker);
                clients.send("kept", List.of("start " + start), Map.of());
                try (var consumer = clients.consumer(member)) {
                    consumer.subscribe(List.of("kept"));
                    Clients.poll(consumer, 1);
                    generations.add(consumer.groupMetadata().generationId());
                }
            }
        }
        assertThat(generations).containsExactly(1, 1);
    }

    @Test
    void producerIdsAreNeverAssignedTwice(@TempDir Path dir) {
        for (int start = 0; start < 3; start++) {
            try (Aeon broker = start(dir, "sync")) {
                Clients clients = new Clients(broker);
                clients.send("ids", List.of("start " + start), Map.of("enable.idempotence", true));
                assertThat(clients.read("ids", 0, start + 1)).hasSize(start + 1);
            }
        }
    }

    private static Uuid topicId(Admin admin) {
        return done(admin.describeTopics(List.of("kept")).allTopicNames())
                .get("kept")
                .topicId();
    }

    private static Aeon start(Path dir, String flush) {
        return Aeon.builder().dataDirectory(dir).set("aeon.log.flush", flush).start();
    }
}
