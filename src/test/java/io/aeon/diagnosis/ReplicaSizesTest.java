package io.aeon.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

class ReplicaSizesTest {
    private static final TopicPartition FIRST = new TopicPartition("t", 0);
    private static final TopicPartition SECOND = new TopicPartition("t", 1);

    private static LogDirDescription directory(Map<TopicPartition, Long> sizes) {
        Map<TopicPartition, ReplicaInfo> replicas = new HashMap<>();
        sizes.forEach((partition, size) -> replicas.put(partition, new ReplicaInfo(size, 0, false)));
        return new LogDirDescription(null, replicas);
    }

    @Test
    void theSizesOfAllReplicasAreAdded() {
        ReplicaSizes sizes = new ReplicaSizes(Map.of(
                1, Map.of("/a", directory(Map.of(FIRST, 5L)), "/b", directory(Map.of(FIRST, 2L, SECOND, 0L))),
                2, Map.of("/a", directory(Map.of(FIRST, 6L, SECOND, 9L)))));

        assertThat(sizes.of(FIRST, List.of(1, 2))).isEqualTo(13);
        assertThat(sizes.of(SECOND, List.of(1))).isZero();
    }

    @Test
    void aSizeIsNotKnownIfABrokerHasNotAnswered() {
        ReplicaSizes sizes = new ReplicaSizes(Map.of(1, Map.of("/a", directory(Map.of(FIRST, 5L)))));

        assertThat(sizes.of(FIRST, List.of(1))).isEqualTo(5);
        assertThat(sizes.of(FIRST, List.of(1, 2))).isNull();
    }

    @Test
    void aSizeIsNotKnownIfItsDirectoryHasFailed() {
        LogDirDescription failed = new LogDirDescription(new KafkaStorageException(), Map.of());
        ReplicaSizes sizes = new ReplicaSizes(Map.of(
                1, Map.of("/a", directory(Map.of(FIRST, 5L))),
                2, Map.of("/a", failed, "/b", directory(Map.of()))));

        assertThat(sizes.of(FIRST, List.of(1, 2))).isNull();
    }
}
