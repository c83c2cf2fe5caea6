package io.aeon.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.coordinator.KafkaBatches;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.Partitions;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.storage.log.AppendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.junit.jupiter.api.Test;

/** The markers that reach a partition when its coordinator sends them again. */
class LocalMarkersTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final List<AppendMarker> reached = new ArrayList<>();
    private final Partitions partitions = (partition, command) -> reached.add((AppendMarker) command);
    private final LocalMarkers markers = new LocalMarkers(
            partitions,
            new GroupCoordinators(partitions, command -> {}, task -> () -> {}),
            new TransactionalAppends(
                    partitions,
                    (writer, partition) -> {
                        throw new AssertionError("nothing is written");
                    },
                    partition -> 0),
            new KafkaBatches(() -> {}),
            () -> new Now(1000, 1000));

    private static Marker commit(int producerEpoch) {
        return new Marker(PARTITION, 7, (short) producerEpoch, true, (short) 1);
    }

    @Test
    void aMarkerThatIsSentAgainWhileThePartitionHangsIsNotWrittenTwice() {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sent.add(markers.send(commit(0), 5));
        }
        assertThat(reached).hasSize(1);

        reached.get(0).reply().complete(new AppendResult(3, -1, 0));

        assertThat(sent).allSatisfy(each -> assertThat(each).isCompleted());
    }

    @Test
    void anotherTransactionAndAnotherCoordinatorAndARepetitionAfterTheAnswerAreWritten() {
        CompletableFuture<Void> first = markers.send(commit(0), 5);
        assertThat(markers.send(commit(1), 5)).isNotDone();
        assertThat(markers.send(commit(0), 6)).isNotDone();
        assertThat(reached).hasSize(3);

        reached.get(0).reply().completeExceptionally(new NotLeaderOrFollowerException());
        assertThat(first).isCompletedExceptionally();
        assertThat(markers.send(commit(0), 5)).isNotDone();

        assertThat(reached).hasSize(4);
    }
}
