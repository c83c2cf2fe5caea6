package io.aeon.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.partition.FoundPartitions;
import io.aeon.broker.partition.actor.HeldExecutor;
import io.aeon.storage.file.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HighWatermarkCheckpointTest {
    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition B = new TopicPartition("b", 0);

    private final HeldExecutor held = new HeldExecutor();
    private final List<Map<TopicPartition, Long>> written = new ArrayList<>();
    private boolean diskFails;
    private final HighWatermarkCheckpoint checkpoint = new HighWatermarkCheckpoint(
            highWatermarks -> {
                if (diskFails) {
                    throw new StorageException("broken by the test");
                }
                written.add(highWatermarks);
            },
            held);

    @Test
    void nothingIsWrittenWhileNoHighWatermarkChanges() {
        read(Map.of("a-0", 5L), A);
        checkpoint.update(A, 5);
        checkpoint.update(B, 0);
        checkpoint.writeIfChanged();
        assertThat(held.held()).isZero();

        checkpoint.update(A, 6);
        checkpoint.writeIfChanged();
        held.runOne();
        assertThat(written).containsExactly(Map.of(A, 6L));

        checkpoint.update(A, 6);
        checkpoint.writeIfChanged();
        assertThat(held.held()).isZero();
        assertThat(checkpoint.writeLast()).isCompletedWithValue(true);
    }

    @Test
    void theFileIsNotReplacedBeforeItHasBeenRead() {
        checkpoint.update(A, 5);
        checkpoint.writeIfChanged();
        assertThat(checkpoint.writeLast()).isDone();
        assertThat(held.held()).isZero();

        read(Map.of("a-0", 3L, "b-0", 7L), A, B);
        checkpoint.writeIfChanged();
        held.runOne();

        assertThat(written).containsExactly(Map.of(A, 5L, B, 7L));
    }

    @Test
    void aPartitionWithoutFilesIsForgotten() {
        read(Map.of("a-0", 5L, "gone-0", 7L), A);
        checkpoint.writeIfChanged();
        held.runOne();
        assertThat(written).containsExactly(Map.of(A, 5L));

        checkpoint.forget(A);
        checkpoint.writeIfChanged();
        held.runOne();
        assertThat(written).last().isEqualTo(Map.of());
        assertThat(checkpoint.of(A)).isZero();
    }

    @Test
    void onlyOneWriteIsInProgressAndTheLastWaitsForIt() {
        read(Map.of());
        checkpoint.update(A, 1);
        checkpoint.writeIfChanged();
        checkpoint.update(A, 2);
        checkpoint.writeIfChanged();
        assertThat(held.held()).isEqualTo(1);

        CompletableFuture<Boolean> last = checkpoint.writeLast();
        assertThat(held.held()).isEqualTo(1);
        held.runOne();
        assertThat(last).isNotDone();
        held.runOne();

        assertThat(last).isCompletedWithValue(true);
        assertThat(written).containsExactly(Map.of(A, 1L), Map.of(A, 2L));
    }

    @Test
    void aFailedWriteIsRepeated() {
        read(Map.of());
        checkpoint.update(A, 1);
        diskFails = true;
        checkpoint.writeIfChanged();
        held.runOne();
        diskFails = false;

        checkpoint.writeIfChanged();
        held.runOne();

        assertThat(written).containsExactly(Map.of(A, 1L));
    }

    private void read(Map<String, Long> stored, TopicPartition... withFiles) {
        checkpoint.read(FoundPartitions.of(List.of(withFiles), Set.of(), Set.of(), stored, List.of()));
    }
}
