package io.aeon.storage.log;

import static io.aeon.storage.batch.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.Batches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.ForwardingFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.ManualClock;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.recovery.RecoveryCheckpoint;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How segments are rolled and removed. */
class SegmentLifeTest {
    private static final int ALL = Integer.MAX_VALUE;
    private static final int SIZE = batch(1, 100, 1).remaining();
    private static final long NOW = 1_700_000_000_000L;
    private static final long HOUR = 3_600_000L;
    private static final LogConfig CONFIG = new LogConfig(2 * SIZE, HOUR, 0, 1 << 20, -1, -1, 60_000, true, HOUR);

    @TempDir
    private Path temp;

    private Path directory;
    private final ManualClock clock = new ManualClock(NOW);
    private final FaultyFiles files = new FaultyFiles();
    private final LogEnvironment environment = new LogEnvironment(clock, new MapBudget(10), files);

    @BeforeEach
    void chooseDirectory() {
        directory = temp.resolve("topic-0");
    }

    @Test
    void aSegmentIsRolledBeforeItWouldGrowTooLarge() throws IOException {
        try (PartitionLog log = open(CONFIG)) {
            append(log, 5, NOW);
            assertThat(logs()).containsExactly(name(0), name(2), name(4));
        }
    }

    @Test
    void aSegmentIsRolledWhenItsFirstRecordIsOldAlsoAfterARestart() throws IOException {
        LogConfig large = config(1 << 20, -1, -1);
        try (PartitionLog log = open(large)) {
            append(log, 1, NOW);
            append(log, 1, NOW + HOUR);
        }
        try (PartitionLog log = open(large)) {
            append(log, 1, NOW + HOUR);
            assertThat(logs()).containsExactly(name(0));
            append(log, 1, NOW + HOUR + 1);
            assertThat(logs()).containsExactly(name(0), name(3));
        }
    }

    @Test
    void aFailedFsyncOfTheDirectoryAfterACheckpointIsFinal() {
        FailingOnce failing = new FailingOnce();
        LogEnvironment onIt = new LogEnvironment(clock, new MapBudget(10), failing);
        PartitionLog log = PartitionLog.open(directory, CONFIG, onIt);
        append(log, 2, NOW);
        log.flush();

        assertThatThrownBy(() -> append(log, 1, NOW)).isInstanceOf(StorageException.class);
        assertThatThrownBy(log::flush).isInstanceOf(StorageException.class);
        log.close();
    }

    /** A disk that fails to make the name of the first checkpoint durable. */
    private static final class FailingOnce extends ForwardingFiles {
        private boolean hasFailed;

        FailingOnce() {
            super(LogFiles.disk());
        }

        @Override
        public void forceDirectory(Path path) throws IOException {
            if (!hasFailed && exists(path.resolve(RecoveryCheckpoint.FILE))) {
                hasFailed = true;
                throw new IOException("Input/output error, as told");
            }
            super.forceDirectory(path);
        }
    }

    @Test
    void aSegmentWithoutTimestampsIsRolledByTheClock() throws IOException {
        try (PartitionLog log = open(config(1 << 20, -1, -1))) {
            append(log, 1, -1);
            clock.advance(HOUR + 1);
            append(log, 1, -1);
            assertThat(logs()).containsExactly(name(0), name(1));
            assertThat(log.times().maxTimestamp(0)).isEmpty();
        }
    }

    @Test
    void aSegmentIsRolledWhenItsIndexIsFull() throws IOException {
        LogConfig twoEntries = new LogConfig(1 << 20, HOUR, 0, 16, -1, -1, 60_000, true, HOUR);
        try (PartitionLog log = open(twoEntries)) {
            append(log, 4, NOW);
            assertThat(logs()).hasSizeGreaterThan(1);
        }
    }

    @Test
    void retentionBySizeRemovesTheOldestAndKeepsRecordsAboveTheHighWatermark() throws IOException {
        try (PartitionLog log = open(config(2 * SIZE, -1, 3L * SIZE))) {
            append(log, 10, NOW);
            assertThat(log.start().applyRetention(3)).isEqualTo(1);
            assertThat(log.logStartOffset()).isEqualTo(2);
            assertThat(log.start().applyRetention(10)).isEqualTo(2);
            assertThat(log.logStartOffset()).isEqualTo(6);
            assertThat(log.sizeInBytes()).isEqualTo(4L * SIZE);
            assertThatThrownBy(() -> log.read(5, ALL, true, 10)).isInstanceOf(OffsetOutOfRangeException.class);
            assertThat(log.read(6, ALL, true, 10).size()).isEqualTo(2 * SIZE);
        }
        assertThat(logs()).containsExactly(name(6), name(8));
    }

    @Test
    void retentionByTimeRemovesTheActiveSegmentAndOffsetsContinue() throws IOException {
        try (PartitionLog log = open(config(2 * SIZE, HOUR, -1))) {
            append(log, 3, NOW);
            clock.advance(HOUR);
            assertThat(log.start().applyRetention(3)).isZero();
            clock.advance(1);
            assertThat(log.start().applyRetention(3)).isEqualTo(2);
            assertThat(log.logStartOffset()).isEqualTo(3);
            assertThat(log.sizeInBytes()).isZero();
        }
        try (PartitionLog log = open(CONFIG)) {
            assertThat(log.logStartOffset()).isEqualTo(3);
            assertThat(log.logEndOffset()).isEqualTo(3);
            append(log, 1, NOW);
            assertThat(log.logEndOffset()).isEqualTo(4);
        }
    }

    @Test
    void aTimestampFromTheFarFutureDoesNotKeepASegmentForEver() {
        long now = System.currentTimeMillis();
        ManualClock wallClock = new ManualClock(now);
        LogEnvironment realTime = new LogEnvironment(wallClock, new MapBudget(10), files);
        try (PartitionLog log = PartitionLog.open(directory, config(2 * SIZE, HOUR, -1), realTime)) {
            append(log, 2, now + 1000 * HOUR);
            append(log, 2, now + 2 * HOUR);
            assertThat(log.start().applyRetention(4)).isZero();
            wallClock.advance(2 * HOUR);
            assertThat(log.start().applyRetention(4)).isEqualTo(1);
            assertThat(log.logStartOffset()).isEqualTo(2);
        }
    }

    @Test
    void withoutDeletePolicyOnlySegmentsBelowTheLogStartAreRemoved() {
        LogConfig compacts = new LogConfig(2 * SIZE, HOUR, 0, 1 << 20, HOUR, 0, 60_000, false, HOUR);
        try (PartitionLog log = open(compacts)) {
            append(log, 5, NOW);
            clock.advance(2 * HOUR);
            assertThat(log.start().applyRetention(5)).isZero();
        }
    }

    @Test
    void removedFilesStayForTheDeleteDelay() throws IOException {
        try (PartitionLog log = open(CONFIG)) {
            append(log, 5, NOW);
            log.start().advanceTo(2);
            assertThat(names()).contains(name(0) + ".deleted");
            clock.advance(59_999);
            log.start().applyRetention(5);
            assertThat(names()).contains(name(0) + ".deleted");
            clock.advance(1);
            log.start().applyRetention(5);
            assertThat(names()).noneMatch(name -> name.endsWith(".deleted"));
        }
    }

    @Test
    void theLongestDeleteDelayKeepsRemovedFiles() throws IOException {
        try (PartitionLog log = open(new LogConfig(2 * SIZE, HOUR, 0, 1 << 20, -1, -1, Long.MAX_VALUE, true, HOUR))) {
            append(log, 5, NOW);
            log.start().advanceTo(2);
            log.start().applyRetention(5);
            assertThat(names()).contains(name(0) + ".deleted");
        }
    }

    @Test
    void theLogStartOffsetIsDurable() {
        PartitionLog crashed = open(CONFIG);
        append(crashed, 5, NOW);
        crashed.start().advanceTo(3);
        try (PartitionLog log = open(CONFIG)) {
            assertThat(log.logStartOffset()).isEqualTo(3);
            assertThatThrownBy(() -> log.read(2, ALL, true, 5)).isInstanceOf(OffsetOutOfRangeException.class);
            assertThat(Batches.batches(log.read(3, ALL, true, 5)).get(0).baseOffset())
                    .isEqualTo(3);
            assertThatThrownBy(() -> log.start().advanceTo(6)).isInstanceOf(OffsetOutOfRangeException.class);
            log.start().advanceTo(5);
            assertThat(log.read(5, ALL, true, 5).size()).isZero();
        }
        crashed.close();
    }

    @Test
    void aSliceOutlivesItsSegmentAndItsLog() {
        for (boolean mapped : new boolean[] {false, true}) {
            PartitionLog log = open(CONFIG);
            append(log, 6, NOW);
            if (mapped) {
                log.close();
                log = open(CONFIG);
            }
            LogSlice slice = log.read(log.logStartOffset(), ALL, true, log.logEndOffset());
            log.start().advanceTo(log.logEndOffset());
            log.close();
            assertThat(files.openFiles()).isEqualTo(1);
            byte[] bytes = new byte[slice.size()];
            slice.copyTo(bytes, 0);
            assertThat(bytes).hasSize(2 * SIZE);
            slice.close();
            slice.close();
            assertThat(files.openFiles()).isZero();
        }
    }

    @Test
    void mapsAndDescriptorsOfSealedSegmentsStayWithinTheBudget() {
        LogEnvironment small = new LogEnvironment(clock, new MapBudget(3), files);
        try (PartitionLog log = PartitionLog.open(directory, CONFIG, small)) {
            append(log, 40, NOW);
            log.flush();
            assertThat(files.openFiles()).isLessThanOrEqualTo(1);
            for (int offset = 0; offset < 40; offset++) {
                assertThat(log.read(offset, ALL, true, 40).size()).isPositive();
                log.read(offset, ALL, true, 40).close();
                assertThat(small.maps().used()).isLessThanOrEqualTo(3);
            }
        }
        assertThat(small.maps().used()).isZero();
    }

    @Test
    void aTruncatedFileIsAnErrorOfThatReadOnly() throws IOException {
        try (PartitionLog log = open(CONFIG)) {
            append(log, 4, NOW);
        }
        try (PartitionLog log = open(CONFIG)) {
            LogSlice slice = log.read(0, ALL, true, 4);
            Files.write(directory.resolve(name(0)), new byte[0]);
            assertThatThrownBy(() -> slice.copyTo(new byte[slice.size()], 0)).isInstanceOf(StorageException.class);
            slice.close();
            assertThatThrownBy(() -> log.read(0, ALL, true, 4)).isInstanceOf(StorageException.class);
            assertThat(log.read(2, ALL, true, 4).size()).isPositive();
        }
    }

    @Test
    void aFileThatAnotherProcessCutsOrRemovesFailsTheNextFlush() throws IOException {
        List<FileAttack> attacks = List.of(
                Files::delete,
                file -> Files.write(file, new byte[0]),
                file -> Files.write(file, Arrays.copyOf(Files.readAllBytes(file), SIZE)));
        for (FileAttack attack : attacks) {
            PartitionLog log = open(config(1 << 20, -1, -1));
            append(log, 2, NOW);
            log.flush();

            attack.on(directory.resolve(name(0)));

            append(log, 1, NOW);
            assertThatThrownBy(log::flush).isInstanceOf(StorageException.class).hasMessageContaining(name(0));
            assertThatThrownBy(() -> append(log, 1, NOW)).isInstanceOf(StorageException.class);
            log.close();
            try (PartitionLog again = open(config(1 << 20, -1, -1))) {
                assertThat(again.recovery().damage()).isPresent();
            }
            ClosedLogs.delete(directory, files);
        }
    }

    private interface FileAttack {
        void on(Path file) throws IOException;
    }

    @Test
    void withoutDescriptorsOnlyCallsThatNeedOneFail() {
        PartitionLog log = open(CONFIG);
        append(log, 2, NOW);
        log.flush();
        files.failOpen(true);

        assertThat(Batches.bytes(log.read(0, ALL, true, 2))).hasSize(2 * SIZE);
        assertThatThrownBy(() -> append(log, 1, NOW))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Too many open files");
        log.close();
        assertThatThrownBy(() -> open(CONFIG)).isInstanceOf(StorageException.class);
        files.failOpen(false);

        try (PartitionLog again = open(CONFIG)) {
            assertThat(again.logEndOffset()).isEqualTo(2);
            append(again, 3, NOW);
            again.flush();
        }
        assertThat(files.openFiles()).isZero();
    }

    private PartitionLog open(LogConfig config) {
        return PartitionLog.open(directory, config, environment);
    }

    private static LogConfig config(int segmentBytes, long retentionMs, long retentionBytes) {
        return new LogConfig(segmentBytes, HOUR, 0, 1 << 20, retentionMs, retentionBytes, 60_000, true, HOUR);
    }

    private static void append(PartitionLog log, int count, long timestamp) {
        for (int i = 0; i < count; i++) {
            log.append(batch(1, 100, timestamp), 0);
        }
    }

    private static String name(long baseOffset) {
        return SegmentNames.log(Path.of(""), baseOffset).toString();
    }

    private List<String> logs() throws IOException {
        return names().stream().filter(name -> name.endsWith(".log")).sorted().toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}
