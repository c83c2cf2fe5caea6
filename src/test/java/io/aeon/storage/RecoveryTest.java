package io.aeon.storage;

import static io.aeon.storage.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
    private static final int ALL = Integer.MAX_VALUE;
    private static final int SIZE = batch(1, 100, 1).remaining();
    /** Four batches a segment, an index entry for every second one. */
    private static final LogConfig SMALL =
            new LogConfig(4 * SIZE, Long.MAX_VALUE, SIZE, 1 << 20, -1, -1, 60_000, true, Long.MAX_VALUE);

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
    void anyFlippedByteAboveTheDurablePointIsFound() throws IOException {
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
    void damageBelowTheDurablePointIsReportedAndNothingChanged() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 3);
        }
        Path segment = file("00000000000000000000.log");
        byte[] damaged = Files.readAllBytes(segment);
        damaged[damaged.length - 5] ^= 1;
        Files.write(segment, damaged);
        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("00000000000000000000.log")
                .hasMessageContaining("at " + 2 * SIZE);
        assertThat(Files.readAllBytes(segment)).isEqualTo(damaged);
    }

    @Test
    void aLostDurableTailIsReported() throws IOException {
        try (PartitionLog log = open()) {
            append(log, 3);
        }
        Path segment = file("00000000000000000000.log");
        Files.write(segment, Arrays.copyOf(Files.readAllBytes(segment), 2 * SIZE));
        assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessageContaining("lost at " + 2 * SIZE);
        Files.delete(segment);
        assertThatThrownBy(this::open).isInstanceOf(StorageException.class);
    }

    @Test
    void onlyWhatCameAfterTheCheckpointIsScanned() {
        PartitionLog log = open();
        append(log, 2);
        log.checkpoint();
        append(log, 1);
        try (PartitionLog recovered = open()) {
            assertThat(recovered.recovery().scannedBytes()).isEqualTo(SIZE);
            assertThat(recovered.logEndOffset()).isEqualTo(3);
        }
        log.close();
    }

    @Test
    void missingOrSpoiledIndexesAreRebuilt() throws IOException {
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
    void aDirectoryThatKafkaLeftIsOpenedAsItIs() throws IOException {
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

    @Test
    void recoveringTwiceChangesNothingMore() throws IOException {
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
        log.close();
    }

    @Test
    void aSpoiledCheckpointIsNotBelieved() throws IOException {
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
                assertThat(log.firstAtOrAfter(1000L + offset, ALL))
                        .contains(new TimestampOffset(1000L + offset, offset, 0));
            }
            assertThat(log.firstAtOrAfter(2000, ALL)).isEmpty();
        }
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
