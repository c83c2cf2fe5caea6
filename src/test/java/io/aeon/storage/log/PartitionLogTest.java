package io.aeon.storage.log;

import static io.aeon.storage.batch.Batches.batch;
import static io.aeon.storage.batch.Batches.batches;
import static io.aeon.storage.batch.Batches.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.recovery.Recovery;
import io.aeon.storage.segment.OffsetIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionLogTest {
    private static final int ALL = Integer.MAX_VALUE;

    @TempDir
    private Path temp;

    private Path directory;
    private final LogEnvironment environment =
            new LogEnvironment(Clock.systemUTC(), new MapBudget(100), LogFiles.disk());

    @BeforeEach
    void chooseDirectory() {
        directory = temp.resolve("topic-0");
    }

    private PartitionLog open() {
        return PartitionLog.open(directory, LogConfig.DEFAULT, environment);
    }

    @Test
    void theLargestTimestampIsOfARecordThatIsNotDeleted() {
        try (PartitionLog log = open()) {
            log.append(batch(2, 10, 50), 0);
            log.append(batch(2, 10, 90), 0);
            log.append(batch(2, 10, 70), 0);
            assertThat(log.times().maxTimestamp(0)).contains(new TimestampOffset(90, 2, 0));
            log.start().advanceTo(4);
            assertThat(log.times().maxTimestamp(0)).contains(new TimestampOffset(70, 4, 0));
            log.start().advanceTo(6);
            assertThat(log.times().maxTimestamp(0)).isEmpty();
        }
    }

    @Test
    void aClosedLogReportsThatItIsClosed() {
        PartitionLog log = open();
        log.append(batch(2, 10, 50), 0);
        log.close();
        assertThatThrownBy(() -> log.read(0, ALL, true, ALL)).isInstanceOf(LogClosedException.class);
        assertThatThrownBy(() -> log.times().firstAtOrAfter(0, 0, ALL)).isInstanceOf(LogClosedException.class);
        assertThatThrownBy(() -> log.append(batch(1, 10, 51), 0)).isInstanceOf(LogClosedException.class);
        assertThatThrownBy(log::flush).isInstanceOf(LogClosedException.class);
        assertThatThrownBy(() -> log.replication().truncateTo(0)).isInstanceOf(LogClosedException.class);
    }

    @Test
    void anUnwrittenLogIsEmptyAndCreatesNoFiles() {
        try (PartitionLog log = open()) {
            assertThat(log.logEndOffset()).isZero();
            assertThat(log.read(0, ALL, true, ALL).size()).isZero();
            assertThat(log.flush()).isZero();
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void appendedBatchesAreReadWithTheirOffsetsAndEpoch() {
        try (PartitionLog log = open()) {
            assertThat(log.append(batch(3, 10, 5), 7)).isEqualTo(new AppendResult(0, 2, 0));
            assertThat(log.append(together(batch(1, 10, 6), batch(2, 10, 7)), 7))
                    .isEqualTo(new AppendResult(3, 5, 0));
            assertThat(batches(log.read(0, ALL, true, 6)))
                    .extracting(RecordBatch::baseOffset)
                    .containsExactly(0L, 3L, 4L);
            assertThat(batches(log.read(0, ALL, true, 6)))
                    .extracting(RecordBatch::partitionLeaderEpoch)
                    .containsOnly(7);
        }
    }

    @Test
    void aReadInsideABatchReturnsTheWholeBatch() {
        try (PartitionLog log = open()) {
            log.append(batch(3, 10, 5), 0);
            log.append(batch(3, 10, 5), 0);
            assertThat(batches(log.read(4, ALL, true, 6)))
                    .extracting(RecordBatch::baseOffset)
                    .containsExactly(3L);
        }
    }

    @Test
    void aReadIsLimitedByMaxBytesAndTheEndOffset() {
        try (PartitionLog log = open()) {
            int size = log(log, 10);
            assertThat(log.read(0, 3 * size + 1, true, 10).size()).isEqualTo(3 * size);
            assertThat(log.read(0, size - 1, true, 10).size()).isEqualTo(size);
            assertThat(log.read(0, size - 1, false, 10).size()).isZero();
            assertThat(log.read(2, ALL, true, 5).size()).isEqualTo(3 * size);
            assertThat(log.read(5, ALL, true, 5).size()).isZero();
            assertThat(log.read(10, ALL, true, ALL).size()).isZero();
            assertThatThrownBy(() -> log.read(11, ALL, true, ALL)).isInstanceOf(OffsetOutOfRangeException.class);
            assertThatThrownBy(() -> log.read(-1, ALL, true, ALL)).isInstanceOf(OffsetOutOfRangeException.class);
        }
    }

    @Test
    void aClosedLogOpensAsItWas() {
        try (PartitionLog log = open()) {
            log(log, 10);
        }
        try (PartitionLog log = open()) {
            assertThat(log.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(log.logEndOffset()).isEqualTo(10);
            assertThat(log.durableOffset()).isEqualTo(10);
            log(log, 10);
            assertThat(batches(log.read(0, ALL, true, 20))).hasSize(20);
        }
    }

    @Test
    void aLogThatWasNotClosedIsScanned() {
        PartitionLog crashed = open();
        log(crashed, 10);
        try (PartitionLog log = open()) {
            assertThat(log.recovery().scannedBytes()).isPositive();
            assertThat(log.logEndOffset()).isEqualTo(10);
            assertThat(log.durableOffset()).isEqualTo(10);
        }
        crashed.close();
    }

    @Test
    void flushReturnsTheDurableOffset() {
        try (PartitionLog log = open()) {
            log(log, 3);
            assertThat(log.durableOffset()).isZero();
            assertThat(log.flush()).isEqualTo(3);
            assertThat(log.durableOffset()).isEqualTo(3);
        }
    }

    @Test
    void theIndexFilesHaveKafkasFormat() throws IOException {
        LogConfig dense = new LogConfig(1 << 20, Long.MAX_VALUE, 0, 1 << 20, -1, -1, 0, true, Long.MAX_VALUE);
        int size = batch(2, 10, 1).remaining();
        try (PartitionLog log = PartitionLog.open(directory, dense, environment)) {
            log.append(batch(2, 10, 50), 0);
            log.append(batch(2, 10, 70), 0);
            log.append(batch(2, 10, 60), 0);
            log.append(batch(2, 10, 80), 0);
        }
        assertThat(Files.readAllBytes(directory.resolve("00000000000000000000.index")))
                .isEqualTo(ByteBuffer.allocate(24)
                        .putInt(3)
                        .putInt(size)
                        .putInt(5)
                        .putInt(2 * size)
                        .putInt(7)
                        .putInt(3 * size)
                        .array());
        assertThat(Files.readAllBytes(directory.resolve("00000000000000000000.timeindex")))
                .isEqualTo(ByteBuffer.allocate(24)
                        .putLong(70)
                        .putInt(3)
                        .putLong(80)
                        .putInt(7)
                        .array());
    }

    @Test
    void aThinnedLargeIndexFindsEveryBatch() {
        LogConfig dense = new LogConfig(1 << 30, Long.MAX_VALUE, 0, 10 << 20, -1, -1, 0, true, Long.MAX_VALUE);
        try (PartitionLog log = PartitionLog.open(directory, dense, environment)) {
            for (int i = 0; i < 3 * OffsetIndex.MAX_ENTRIES; i++) {
                log.append(batch(1, 0, i), 0);
            }
        }
        try (PartitionLog log = PartitionLog.open(directory, dense, environment)) {
            for (int offset = 0; offset < 3 * OffsetIndex.MAX_ENTRIES; offset += 97) {
                assertThat(batches(log.read(offset, 1, true, ALL)).get(0).baseOffset())
                        .isEqualTo(offset);
                assertThat(log.times().firstAtOrAfter(offset, 0, ALL)).contains(new TimestampOffset(offset, offset, 0));
            }
            assertThat(log.times().maxTimestamp(0))
                    .map(TimestampOffset::offset)
                    .contains(3L * OffsetIndex.MAX_ENTRIES - 1);
        }
    }

    @Test
    void anIncompleteBatchIsRefused() {
        try (PartitionLog log = open()) {
            assertThatThrownBy(() -> log.append(batch(1, 10, 1).limit(60), 0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(Files.exists(directory)).isFalse();
            log.append(batch(1, 10, 1), 0);
        }
    }

    /** Appends batches of one record; returns the size of each. */
    private static int log(PartitionLog log, int count) {
        int size = 0;
        for (int i = 0; i < count; i++) {
            size = batch(1, 10, 1).remaining();
            log.append(batch(1, 10, 1), 0);
        }
        return size;
    }
}
