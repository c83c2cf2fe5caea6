package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many committed offsets: a snapshot appears beside the log, and a restart serves what was committed, with or without
 * it.
 */
class CoordinatorSnapshotIT {
    private static final int PARTITIONS = 500;

    /** More records than the number after which a snapshot is due. */
    private static final int ROUNDS = 12;

    @TempDir
    private Path dir;

    @Test
    void groupsAreServedFromASnapshotAndTheRestOfTheLog() throws IOException {
        Path snapshot = dir.resolve("__consumer_offsets-0").resolve("coordinator-snapshot");
        try (Aeon broker = start();
                Admin admin = new Clients(broker).admin()) {
            new Clients(broker).create("many", PARTITIONS, Map.of());
            for (int round = 1; round <= ROUNDS; round++) {
                done(admin.alterConsumerGroupOffsets("readers", offsets(round)).all());
            }
            await().until(() -> Files.exists(snapshot));
            done(admin.alterConsumerGroupOffsets("late", offsets(7)).all());
        }
        assertOffsets();
        assertThat(snapshot).exists();

        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot, bytes);
        assertOffsets();
    }

    private void assertOffsets() {
        try (Aeon broker = start();
                Admin admin = new Clients(broker).admin()) {
            assertThat(done(admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata()))
                    .isEqualTo(offsets(ROUNDS));
            assertThat(done(admin.listConsumerGroupOffsets("late").partitionsToOffsetAndMetadata()))
                    .isEqualTo(offsets(7));
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(int offset) {
        return IntStream.range(0, PARTITIONS)
                .boxed()
                .collect(Collectors.toMap(
                        partition -> new TopicPartition("many", partition),
                        partition -> new OffsetAndMetadata(offset)));
    }

    private Aeon start() {
        return Aeon.builder()
                .dataDirectory(dir)
                .set("aeon.kafka.offsets.topic.num.partitions", 1)
                .start();
    }
}
