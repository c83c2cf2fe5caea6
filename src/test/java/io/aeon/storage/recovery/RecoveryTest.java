package io.aeon.storage.recovery;

import static io.aeon.storage.batch.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.Batches;
import io.aeon.storage.batch.Damage;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.log.TimestampOffset;
import io.aeon.storage.segment.EpochEndOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTest {
    private static final int ALL = Integer.MAX_VALUE;
    private static final int SIZE = batch(1, 100, 1).remaining();
    /** Four batches per segment, an index entry for every second batch. */
    private static final LogConfig SMALL =
            new LogConfig(4 * SIZE, Long.MAX_VALUE, SIZE, 1 << 20, -1, -1, 60_000, true, Long.MAX_VALUE);

    private static final LogConfig LARGE =
            new LogConfig(1 << 30, Long.MAX_VALUE, SIZE, 1 << 20, -1, -1, 60_000, true, Long.MAX_VALUE);

    @TempDir
    private Path temp;

    private Path directory;
    private final LogEnvironment environment =
            new LogEnvironment(Clock.systemUTC(), new MapBudget(10), new FaultyFiles());

    @BeforeEach
    void chooseDirectory() {
        directory = temp.resolve("topic-0");
    }

    @Test
    void aTailTornAtAnyByteIsCutAfterTheLastWholeBatch() throws IOException {
        PartitionLog log = open();
        append(log, 3);
        byte[] whole = Files.readAllBytes(file("00000000000000000000.log"));
        for (int length = 0; length < whole.length; length++) {
            Path torn = temp.resolve("torn-" + length);
            Files.createDirectories(torn);
            Files.write(torn.resolve("00000000000000000000.log"), Arrays.copyOf(whole, length));
            try (PartitionLog recovered = PartitionLog.open(torn, SMALL, environment)) {
                assertThat(recovered.logEndOffset()).isEqualTo(length / SIZE);
                assertThat(recovered.sizeInBytes()).isEqualTo(length / SIZE * (long) SIZE);
                assertThat(recovered.recovery().cutBytes()).isEqualTo(length % SIZE);
                append(recovered, 1);
                assertThat(read(recovered)).hasSize(length / SIZE + 1);
            }
        }
        log.close();
    }

    @Test
    void anyFlippedByteAboveTheDurablePointIsDetected() throws IOException {
        PartitionLog log = open();
        append(log, 2);
        byte[] whole = Files.readAllBytes(file("00000000000000000000.log"));
        for (int at = SIZE; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            Path damaged = temp.resolve("flipped-" + at);
            Files.createDirectories(damaged);
            Files.write(damaged.resolve("00000000000000000000.log"), flipped);
            try (PartitionLog recovered = PartitionLog.open(damaged, SMALL, environment)) {
                boolean epochOrGap = at < SIZE + 8 || (at >= SIZE + 12 && at < SIZE + 16);
                assertThat(recovered.recovery().cutReason().isPresent() || epochOrGap)
                        .isTrue();
            }
        }
        log.close();
    }

    @Test
    void damageBelowTheDurablePointQuarantinesTheLog() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 7);
        }
        Path segment = file("00000000000000000004.log");
        damage(segment, 3 * SIZE - 5);
        Map<String, ByteBuffer> before = contents();
        try (PartitionLog log = open()) {
            assertThat(log.recovery().damage()).contains(new Damage(segment, 2L * SIZE, 6, "wrong CRC"));
            assertThat(log.recovery().cutBytes()).isZero();
            assertThat(read(log)).hasSize(4);
            assertThat(Batches.batches(log.read(4, ALL, true, ALL))).hasSize(2);
            assertThat(log.logEndOffset()).isEqualTo(6);
            assertThat(log.durableOffset()).isEqualTo(7);
            assertInQuarantine(log, 6);
        }
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aLostDurableTailQuarantinesTheLog() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 7);
        }
        Path segment = file("00000000000000000004.log");
        byte[] whole = Files.readAllBytes(segment);
        for (int length : new int[] {2 * SIZE, 2 * SIZE + 7, SIZE}) {
            Files.write(segment, Arrays.copyOf(whole, length));
            try (PartitionLog log = open()) {
                assertThat(log.recovery().damage()).map(Damage::position).contains((long) length / SIZE * SIZE);
                assertInQuarantine(log, 4 + length / SIZE);
            }
        }
        Files.delete(segment);
        Map<String, ByteBuffer> before = contents();
        try (PartitionLog log = open()) {
            assertThat(log.recovery().damage()).contains(new Damage(segment, 0, 4, "the file is missing"));
            assertThat(read(log)).hasSize(4);
            assertInQuarantine(log, 4);
        }
        Files.delete(file("00000000000000000000.log"));
        try (PartitionLog log = open()) {
            assertThat(log.logEndOffset()).isZero();
            assertThatThrownBy(() -> read(log)).isInstanceOf(DamagedLogException.class);
        }
        before.remove("00000000000000000000.log");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void damageInsideALogWithoutACheckpointQuarantinesIt() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 7);
        }
        Files.delete(file(RecoveryCheckpoint.FILE));
        damage(file("00000000000000000000.log"), SIZE + 70);
        try (PartitionLog log = open()) {
            assertInQuarantine(log, 1);
        }
    }

    @Test
    void damageIsNotCutIfTheCheckpointIsDamaged() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 3);
        }
        damage(file(RecoveryCheckpoint.FILE), 30);
        damage(file("00000000000000000000.log"), 2 * SIZE + 70);
        try (PartitionLog log = open()) {
            assertInQuarantine(log, 2);
        }
    }

    @Test
    void theCheckpointOfAnotherLogIsIgnored() throws IOException {
        Path other = temp.resolve("topic-1");
        try (PartitionLog log = open();
                PartitionLog longer = PartitionLog.open(other, SMALL, environment)) {
            append(log, 2);
            append(longer, 3);
        }
        Files.copy(
                other.resolve(RecoveryCheckpoint.FILE),
                file(RecoveryCheckpoint.FILE),
                StandardCopyOption.REPLACE_EXISTING);
        try (PartitionLog log = open()) {
            assertThat(log.recovery()).isEqualTo(new Recovery(2L * SIZE, 0, Optional.empty(), Optional.empty()));
            append(log, 1);
        }
        try (PartitionLog log = open()) {
            assertThat(log.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(log.logEndOffset()).isEqualTo(3);
        }
    }

    @Test
    void aStaleCheckpointOnlyCausesAScan() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 2);
        }
        byte[] stale = Files.readAllBytes(file(RecoveryCheckpoint.FILE));
        try (PartitionLog log = open()) {
            append(log, 8);
        }
        Files.write(file(RecoveryCheckpoint.FILE), stale);
        try (PartitionLog log = open()) {
            assertThat(log.recovery().scannedBytes()).isEqualTo(8L * SIZE);
            assertThat(log.recovery().damage()).isEmpty();
            assertThat(log.logEndOffset()).isEqualTo(10);
        }
    }

    @Test
    void recordsOfACrashedProcessAreDurableAfterTheOpening() {
        FaultyFiles files = new FaultyFiles();
        LogEnvironment faulty = new LogEnvironment(Clock.systemUTC(), new MapBudget(10), files);
        PartitionLog dead = PartitionLog.open(directory, SMALL, faulty);
        append(dead, 5);
        files.fullAfter(0);
        assertThatThrownBy(() -> append(dead, 1)).isInstanceOf(StorageException.class);
        dead.close();
        files.fullAfter(Integer.MAX_VALUE);
        PartitionLog found = PartitionLog.open(directory, SMALL, faulty);
        assertThat(found.durableOffset()).isEqualTo(5);

        files.crash(new LeastSurvives());

        try (PartitionLog log = PartitionLog.open(directory, SMALL, faulty)) {
            assertThat(log.logEndOffset()).isEqualTo(5);
        }
        found.close();
    }

    /** A power cut that loses everything that was not forced. */
    private static final class LeastSurvives extends Random {
        private static final long serialVersionUID = 1L;

        @Override
        public int nextInt(int bound) {
            return 0;
        }

        @Override
        public boolean nextBoolean() {
            return false;
        }
    }

    /** All operations at or after {@code offset} fail. */
    private static void assertInQuarantine(PartitionLog log, long offset) {
        List<ThrowingCallable> refused = List.of(
                () -> log.read(offset, ALL, true, ALL),
                () -> log.read(offset + 100, ALL, true, ALL),
                () -> log.append(batch(1, 100, 1), 3),
                log::flush,
                () -> log.checkpoint(0),
                () -> log.start().advanceTo(offset),
                () -> log.endOfEpoch(3),
                () -> log.times().firstAtOrAfter(2000, 0, ALL),
                () -> log.times().maxTimestamp(0));
        assertThat(refused).allSatisfy(each -> assertThatThrownBy(each).isInstanceOf(StorageException.class));
    }

    @Test
    void onlyRecordsAfterTheCheckpointAreScanned() {
        PartitionLog log = open();
        append(log, 2);
        log.checkpoint(0);
        append(log, 1);
        try (PartitionLog recovered = open()) {
            assertThat(recovered.recovery().scannedBytes()).isEqualTo(SIZE);
            assertThat(recovered.logEndOffset()).isEqualTo(3);
        }
        log.close();
    }

    @Test
    void aCheckpointIsWrittenOnlyIfAnOpeningWouldScanEnoughBytes() {
        PartitionLog log = PartitionLog.open(directory, LARGE, environment);
        append(log, 2);
        assertThat(scannedAfterCheckpoint(log)).isEqualTo(2L * SIZE);
        log.append(batch(1, 1 << 20, 1), 3);
        assertThat(scannedAfterCheckpoint(log)).isZero();
        append(log, 3);
        assertThat(scannedAfterCheckpoint(log)).isEqualTo(3L * SIZE);
        log.append(batch(1, 1 << 20, 1), 3);
        assertThat(scannedAfterCheckpoint(log)).isZero();
        log.close();
    }

    private long scannedAfterCheckpoint(PartitionLog log) {
        log.checkpoint(1 << 20);
        try (PartitionLog recovered = PartitionLog.open(directory, LARGE, environment)) {
            return recovered.recovery().scannedBytes();
        }
    }

    @Test
    void missingOrDamagedIndexesAreRebuilt() throws IOException {
        List<byte[]> spoiled = List.of(new byte[0], new byte[13], new byte[10 * 24], new byte[] {
            0, 0, 0, 1, 0, 0, 0, 50, 0, 0, 0, 2, 0, 0, 0, 120, 0, 0, 0, 3, 0, 0, 0, 121
        });
        try (PartitionLog log = open()) {
            for (int i = 0; i < 20; i++) {
                log.append(batch(1, 100, 1000 + i), 0);
            }
        }
        for (byte[] bytes : spoiled) {
            for (Path index : indexes()) {
                Files.write(index, bytes);
            }
            checkLookups();
        }
        for (Path index : indexes()) {
            Files.delete(index);
        }
        checkLookups();
        assertThat(indexes()).hasSize(10);
    }

    @Test
    void aDirectoryOfKafkaIsOpenedUnchanged() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 10);
        }
        Files.delete(file(RecoveryCheckpoint.FILE));
        Files.delete(file("00000000000000000000.log"));
        Files.write(file("00000000000000000008.index"), new byte[10 << 20]);
        Files.write(file("00000000000000000008.timeindex"), new byte[12 << 18]);
        try (PartitionLog log = open()) {
            assertThat(log.logStartOffset()).isEqualTo(4);
            assertThat(log.logEndOffset()).isEqualTo(10);
            assertThat(log.recovery().scannedBytes()).isEqualTo(6L * SIZE);
            assertThat(log.latestEpoch()).isEqualTo(3);
        }
    }

    @Test
    void afterKafkasCleanStopOnlyTheLastSegmentIsScanned() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 10);
        }
        Files.delete(file(RecoveryCheckpoint.FILE));
        Files.delete(file("leader-epoch-checkpoint"));
        Files.createFile(temp.resolve(".kafka_cleanshutdown"));
        try (PartitionLog log = open()) {
            assertThat(log.recovery().scannedBytes()).isEqualTo(2L * SIZE);
            assertThat(log.endOfEpoch(3)).isEqualTo(new EpochEndOffset(3, 10));
            assertThat(log.endOfEpoch(2)).isEqualTo(new EpochEndOffset(2, 0));
        }
    }

    @Test
    void lostLeaderEpochsAreReadFromTheBatches() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 5);
            log.append(batch(1, 100, 1), 4);
        }
        Files.delete(file("leader-epoch-checkpoint"));
        try (PartitionLog log = open()) {
            assertThat(log.latestEpoch()).isEqualTo(4);
            assertThat(log.endOfEpoch(3)).isEqualTo(new EpochEndOffset(3, 5));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000000000000005.snapshot", "00000000000000000000.txnindex"})
    void aFileOfProducersThatIsLeftWithoutASegmentIsRemoved(String left) throws IOException {
        Files.createDirectories(directory);
        Files.createFile(file(left));

        try (PartitionLog log = open()) {
            assertThat(log.logEndOffset()).isZero();
            append(log, 1);
        }

        assertThat(file(left)).doesNotExist();
    }

    @Test
    void aSecondRecoveryChangesNothing() throws IOException {
        PartitionLog log = open();
        append(log, 3);
        Path segment = file("00000000000000000000.log");
        Files.write(segment, Arrays.copyOf(Files.readAllBytes(segment), 2 * SIZE + 7));
        PartitionLog first = open();
        assertThat(first.recovery().cutBytes()).isEqualTo(7);
        try (PartitionLog second = open()) {
            assertThat(second.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(second.logEndOffset()).isEqualTo(2);
        }
        first.close();
        assertThatThrownBy(log::close).isInstanceOf(StorageException.class);
    }

    @Test
    void aDamagedCheckpointIsIgnored() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 3);
        }
        Path checkpoint = file(RecoveryCheckpoint.FILE);
        Files.writeString(checkpoint, Files.readString(checkpoint).replace("offset 3", "offset 4"));
        try (PartitionLog log = open()) {
            assertThat(log.logEndOffset()).isEqualTo(3);
            assertThat(log.recovery().scannedBytes()).isEqualTo(3L * SIZE);
        }
    }

    private void checkLookups() {
        try (PartitionLog log = open()) {
            for (int offset = 0; offset < 20; offset++) {
                assertThat(Batches.batches(log.read(offset, SIZE, true, ALL)))
                        .extracting(RecordBatch::baseOffset)
                        .containsExactly((long) offset);
                assertThat(log.times().firstAtOrAfter(1000L + offset, 0, ALL))
                        .contains(new TimestampOffset(1000L + offset, offset, 0));
            }
            assertThat(log.times().firstAtOrAfter(2000, 0, ALL)).isEmpty();
        }
    }

    private static void damage(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    private Map<String, ByteBuffer> contents() throws IOException {
        Map<String, ByteBuffer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(String.valueOf(file.getFileName()), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    private PartitionLog open() {
        return PartitionLog.open(directory, SMALL, environment);
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private List<Path> indexes() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith("index")).toList();
        }
    }

    private static void append(PartitionLog log, int count) {
        IntStream.range(0, count).forEach(i -> log.append(batch(1, 100, 1), 3));
    }

    private static List<RecordBatch> read(PartitionLog log) {
        return Batches.batches(log.read(log.logStartOffset(), ALL, true, ALL));
    }
}
