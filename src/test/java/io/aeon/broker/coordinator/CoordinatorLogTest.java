package io.aeon.broker.coordinator;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.StoredRecords;
import io.aeon.coordinator.transaction.TransactionMetadata;
import io.aeon.coordinator.transaction.TransactionRecord;
import io.aeon.coordinator.transaction.TransactionRecordFormat;
import io.aeon.coordinator.transaction.TransactionSettings;
import io.aeon.coordinator.transaction.TransactionState;
import io.aeon.coordinator.transaction.TransactionalProducer;
import io.aeon.metadata.ClusterImage.Eligible;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.log.AppendResult;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of coordinators in a partition whose leader changes. */
class CoordinatorLogTest {
    private static final TopicIdPartition PARTITION = new TopicIdPartition(new Uuid(1, 1), 0, "__states");
    private static final RecordBatches BATCHES = new KafkaBatches(() -> {});
    private static final TransactionRecordFormat FORMAT = TransactionRecordFormat.ofLevel((short) 2);
    private static final TransactionSettings SETTINGS = new TransactionSettings(60_000, 3_600_000, 1000);

    private final InMemoryOffsetsTopic topic = new InMemoryOffsetsTopic();

    @TempDir
    Path dir;

    /** The log as this broker leads it in the present leader epoch, with another replica elsewhere. */
    private CoordinatorLog log() {
        Partition role = new Partition(
                0,
                0,
                1,
                topic.leaderEpoch(),
                List.of(1, 2),
                List.of(1, 2),
                Eligible.NONE,
                List.of(Uuid.ZERO_UUID, Uuid.ZERO_UUID));
        SnapshotFiles files =
                SnapshotFiles.of(partition -> dir, LogFiles.disk(), Clock.systemUTC(), name -> Long.MAX_VALUE);
        return new CoordinatorLog(topic, PARTITION, role, BATCHES, files, Runnable::run);
    }

    private static CompletableFuture<AppendResult> append(CoordinatorLog log, String id) {
        TransactionMetadata begun = new TransactionMetadata(
                7, -1, -1, (short) 0, (short) -1, 1000, TransactionState.EMPTY, Set.of(), -1, 0, (short) 2);
        TransactionRecord record = new TransactionRecord(id, begun);
        return log.append(BATCHES.batch(StoredRecords.encode(FORMAT, List.of(record)), 0));
    }

    private static CompletableFuture<List<String>> replay(CoordinatorLog log) {
        return log.replay(FORMAT, id -> true, id -> new TransactionalProducer(id, SETTINGS))
                .thenApply(all ->
                        all.stream().map(TransactionalProducer::id).sorted().toList());
    }

    /** The former leader may have acknowledged them: a new leader's high watermark lags behind. */
    @Test
    void aReplayWaitsUntilAllThatTheNewLeaderHasIsCommitted() {
        CoordinatorLog before = log();
        done(append(before, "a"));
        done(append(before, "b"));
        topic.commit(1);

        CompletableFuture<List<String>> replayed = replay(log());
        assertThat(replayed).isNotDone();
        topic.commit(2);

        assertThat(done(replayed)).containsExactly("a", "b");
    }

    @Test
    void aFormerCoordinatorWritesNothingIntoTheLogOfALaterOne() {
        CoordinatorLog former = log();
        done(append(former, "a"));
        topic.truncate(PARTITION.topicPartition(), 1);
        CoordinatorLog later = log();

        assertThatThrownBy(() -> append(former, "late").join()).hasCauseInstanceOf(FencedLeaderEpochException.class);
        assertThatThrownBy(() -> replay(former).join()).hasCauseInstanceOf(FencedLeaderEpochException.class);

        done(append(later, "b"));
        assertThat(done(replay(later))).containsExactly("a", "b");
    }
}
