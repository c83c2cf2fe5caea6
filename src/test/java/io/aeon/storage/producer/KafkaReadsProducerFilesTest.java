package io.aeon.storage.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.aeon.storage.batch.TransactionalBatches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.kafka.common.message.AbortedTxn;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.apache.kafka.storage.internals.log.TransactionIndex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the producer files of a log with Kafka's own classes, which its DumpLogSegments uses. */
class KafkaReadsProducerFilesTest {
    @TempDir
    private Path temp;

    private final LogEnvironment environment =
            new LogEnvironment(Clock.systemUTC(), new MapBudget(4), new FaultyFiles());

    @Test
    void kafkaReadsSnapshotsAndIndexesOfAbortedTransactions() throws IOException {
        Path directory = temp.resolve("topic-0");
        try (PartitionLog log = PartitionLog.open(directory, LogConfig.DEFAULT, environment)) {
            log.append(TransactionalBatches.idempotent(3, 1, 0, 2, 50), 0);
            log.append(TransactionalBatches.idempotent(3, 1, 2, 3, 60), 0);
            log.append(TransactionalBatches.transactional(9, 0, 0, 1, 70), 0);
            log.appendMarker(TransactionalBatches.marker(9, 0, 4, true, 80), 0, 1);
            log.append(TransactionalBatches.transactional(9, 0, 1, 1, 90), 0);
        }

        assertThat(ProducerStateManager.readSnapshot(
                        SegmentNames.snapshot(directory, 8).toFile()))
                .extracting(
                        ProducerStateEntry::producerId,
                        ProducerStateEntry::producerEpoch,
                        ProducerStateEntry::lastDataOffset,
                        ProducerStateEntry::coordinatorEpoch,
                        entry -> entry.currentTxnFirstOffset().orElse(-1))
                .containsExactlyInAnyOrder(tuple(3L, (short) 1, 4L, -1, -1L), tuple(9L, (short) 0, 7L, 4, 7L));
        try (TransactionIndex index = new TransactionIndex(
                0, SegmentNames.transactionIndex(directory, 0).toFile())) {
            assertThat(index.allAbortedTxns())
                    .containsExactly(new AbortedTxn()
                            .setProducerId(9)
                            .setFirstOffset(5)
                            .setLastOffset(6)
                            .setLastStableOffset(7));
        }
    }
}
