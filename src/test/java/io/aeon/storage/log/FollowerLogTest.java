package io.aeon.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.Batches;
import io.aeon.storage.batch.TransactionalBatches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.ManualClock;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.EpochEndOffset;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that appends the leader's batches. */
class FollowerLogTest {
    private static final long NOW = 1_700_000_000_000L;
    /** Two batches per segment. */
    private static final LogConfig CONFIG =
            new LogConfig(300, Long.MAX_VALUE, 100, 1 << 20, -1, -1, 0, true, Long.MAX_VALUE);

    @TempDir
    private Path temp;

    private FaultyFiles files = new FaultyFiles();
    private int runs;

    @Test
    void batchesKeepTheirOffsetsAndEpochsAndMayHaveGaps() {
        try (PartitionLog log = open()) {
            AppendResult result =
                    log.replication().appendAsFollower(Batches.together(at(5, 2), at(9, 2), at(12, 3), at(13, 3)));
            assertThat(result).isEqualTo(new AppendResult(5, 13, 0));
            assertThat(log.logStartOffset()).isZero();
            assertThat(log.logEndOffset()).isEqualTo(14);
            assertThat(log.endOfEpoch(2)).isEqualTo(new EpochEndOffset(2, 12));
            assertThat(offsets(log)).containsExactly(5L, 9L, 12L, 13L);
        }
        try (PartitionLog again = open()) {
            assertThat(again.logStartOffset()).isZero();
            assertThat(offsets(again)).containsExactly(5L, 9L, 12L, 13L);
        }
    }

    @Test
    void existingOffsetsAndLowerEpochsAreRefusedAndNothingIsAppended() {
        try (PartitionLog log = open()) {
            log.replication().appendAsFollower(at(5, 2));
            assertThatThrownBy(() -> log.replication().appendAsFollower(at(5, 2)))
                    .isInstanceOf(UnexpectedOffsetException.class)
                    .hasMessageContaining("offsets 5 to 5, but its first offset must be 6 or higher");
            assertThatThrownBy(() -> log.replication().appendAsFollower(Batches.together(at(8, 2), at(7, 2))))
                    .isInstanceOf(UnexpectedOffsetException.class);
            assertThatThrownBy(() -> log.replication().appendAsFollower(Batches.together(at(8, 3), at(9, 2))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("epoch 2 after 3");
            assertThatThrownBy(() -> log.replication().appendAsFollower(ByteBuffer.allocate(0)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(log.logEndOffset()).isEqualTo(6);
        }
    }

    @Test
    void anEmptyLogAcceptsTheBatchThatContainsItsLogStart() {
        try (PartitionLog log = open()) {
            log.replication().startAnew(7);
            ByteBuffer batch = Batches.batch(5, 10, NOW);
            BatchHeader.assign(batch, 0, 5, 2);
            log.replication().appendAsFollower(batch);
            assertThat(log.logStartOffset()).isEqualTo(7);
            assertThat(log.logEndOffset()).isEqualTo(10);
            assertThat(offsets(log)).containsExactly(5L);
        }
        try (PartitionLog again = open()) {
            assertThat(again.logStartOffset()).isEqualTo(7);
            assertThat(again.logEndOffset()).isEqualTo(10);
        }
    }

    @Test
    void producersAndTransactionsAreRecordedWithoutChecks() {
        try (PartitionLog log = open()) {
            ByteBuffer data = TransactionalBatches.transactional(7, 3, 40, 2, NOW);
            ByteBuffer marker = TransactionalBatches.marker(7, 3, 0, true, NOW);
            BatchHeader.assign(data, 0, 100, 1);
            BatchHeader.assign(marker, 0, 102, 1);
            log.replication().appendAsFollower(Batches.together(data, marker));
            assertThat(log.producers().active())
                    .singleElement()
                    .satisfies(producer -> assertThat(producer.epoch()).isEqualTo((short) 3));
            assertThat(log.producers().abortedIn(0, 200)).hasSize(1);
            assertThat(log.lastStableOffset(103)).isEqualTo(103);
        }
    }

    @Test
    void offsetsFarApartGetSeparateSegments() {
        try (PartitionLog log = open()) {
            log.replication().startAnew(1);
            log.replication().appendAsFollower(Batches.together(at(3_000_000_000L, 2), at(9_000_000_000L, 2)));
            assertThat(offsets(log)).containsExactly(3_000_000_000L, 9_000_000_000L);
        }
        try (PartitionLog again = open()) {
            assertThat(again.recovery().damage()).isEmpty();
            assertThat(offsets(again)).containsExactly(3_000_000_000L, 9_000_000_000L);
        }
    }

    @Test
    void afterAPowerCutALostEndIsNotMistakenForAGap() {
        for (int seed = 0; seed < 300; seed++) {
            files = new FaultyFiles();
            runs++;
            List<Long> given = new ArrayList<>();
            PartitionLog log = open();
            for (int i = 0; i < 12; i++) {
                long offset = log.logEndOffset() + (i % 4 == 0 ? 3 : 0);
                log.replication().appendAsFollower(at(offset, 2));
                given.add(offset);
                if (i == 5) {
                    log.flush();
                }
            }
            files.fullAfter(0);
            assertThatThrownBy(() -> log.replication().appendAsFollower(at(1000, 2)))
                    .isInstanceOf(StorageException.class);
            log.close();
            files.crash(new Random(seed));
            try (PartitionLog again = open()) {
                assertThat(again.recovery().damage()).as("seed %s", seed).isEmpty();
                List<Long> found = offsets(again);
                assertThat(found).as("seed %s", seed).hasSizeGreaterThanOrEqualTo(6);
                assertThat(found).as("seed %s", seed).isEqualTo(given.subList(0, found.size()));
            }
        }
    }

    private static ByteBuffer at(long offset, int epoch) {
        ByteBuffer batch = Batches.batch(1, 40, NOW + offset);
        BatchHeader.assign(batch, 0, offset, epoch);
        return batch;
    }

    private static List<Long> offsets(PartitionLog log) {
        List<Long> offsets = new ArrayList<>();
        for (long next = log.logStartOffset(); next < log.logEndOffset(); ) {
            for (RecordBatch batch : Batches.batches(log.read(next, 1000, true, Long.MAX_VALUE))) {
                offsets.add(batch.baseOffset());
                next = batch.nextOffset();
            }
        }
        return offsets;
    }

    private PartitionLog open() {
        LogEnvironment environment = new LogEnvironment(new ManualClock(NOW), new MapBudget(10), files);
        return PartitionLog.open(temp.resolve("topic-" + runs), CONFIG, environment);
    }
}
