package io.aeon.storage.repair;

import static io.aeon.storage.batch.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.BatchSummary;
import io.aeon.storage.batch.Batches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.recovery.Recovery;
import io.aeon.storage.recovery.RecoveryCheckpoint;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check and the repair of a stopped log. */
class StoppedLogTest {
    private static final int LEADER_EPOCH = 12;
    private static final int ALL = Integer.MAX_VALUE;
    private static final int SIZE = batch(1, 100, 1).remaining();
    /** Four batches per segment. */
    private static final LogConfig SMALL =
            new LogConfig(4 * SIZE, Long.MAX_VALUE, SIZE, 1 << 20, -1, -1, 60_000, true, Long.MAX_VALUE);

    @TempDir
    private Path temp;

    private Path directory;
    private final FaultyFiles files = new FaultyFiles();
    private final LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(10), files);

    @BeforeEach
    void writeTenBatches() {
        writeTenBatches("topic-0");
    }

    private void writeTenBatches(String name) {
        directory = temp.resolve(name);
        try (PartitionLog log = open()) {
            for (int i = 0; i < 10; i++) {
                log.append(batch(1, 100, 1000 + i), 3);
                log.flush();
            }
            log.start().advanceTo(1);
        }
    }

    @Test
    void nothingIsFoundInAHealthyLogAndNothingRepaired() {
        assertThat(verify()).isEmpty();
        assertThat(repair()).isEmpty();
        assertThat(temp).isDirectoryNotContaining("glob:**.cut.*");
    }

    @Test
    void everyBatchIsDumped() {
        List<BatchSummary> batches = new ArrayList<>();
        StoppedLog.in(directory, files)
                .dump(batches::add, damage -> assertThat(damage).isNull());
        assertThat(batches)
                .extracting(BatchSummary::baseOffset)
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(batches.get(5))
                .isEqualTo(new BatchSummary(log(4), SIZE, SIZE, 5, 5, 1, 3, 0, -1, (short) -1, -1, 1005, 1005));
    }

    @Test
    void damageInsideIsReportedAndCutOut() throws IOException {
        damage(log(4), SIZE + 80);
        byte[] damaged = Files.readAllBytes(log(4));

        assertThat(verify())
                .containsExactly(new Finding(log(4), SIZE, "wrong CRC; " + SIZE + " bytes, from offset 5", true));
        assertThat(repair())
                .startsWith("cut out " + SIZE + " bytes of " + log(4) + " at " + SIZE + ", from offset 5: wrong CRC");

        assertThat(Files.readAllBytes(temp.resolve("topic-0.cut.1").resolve(log(4).getFileName())))
                .isEqualTo(damaged);
        try (PartitionLog log = open()) {
            assertThat(readable(log)).containsExactly(1L, 2L, 3L, 4L, 6L, 7L, 8L, 9L);
            assertThat(log.logStartOffset()).isEqualTo(1);
            assertThat(log.append(batch(1, 100, 1), 3).baseOffset()).isEqualTo(10);
        }
        assertThat(verify()).noneMatch(Finding::harmful);
    }

    @Test
    void aDamagedEndIsCutOffAndItsOffsetsAreNotReused() throws IOException {
        damage(log(8), SIZE + 80);
        try (PartitionLog log = open()) {
            assertThat(log.recovery().damage()).isPresent();
        }

        assertThat(repair()).contains("offsets from 9 to 10 stay empty; the next record gets 10");

        try (PartitionLog log = open()) {
            assertThat(log.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(readable(log)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
            assertThat(Batches.batches(log.read(9, ALL, true, ALL)))
                    .as("leads followers to the end of the log")
                    .singleElement()
                    .satisfies(batch -> {
                        assertThat(batch.lastOffset()).isEqualTo(9);
                        assertThat(batch.partitionLeaderEpoch()).isEqualTo(3);
                    });
            assertThat(log.append(batch(1, 100, 1), 3).baseOffset()).isEqualTo(10);
        }
    }

    @Test
    void recordsOfALeaderEpochThatBeganAfterTheCheckpointAreWhole() throws IOException {
        try (PartitionLog log = open()) {
            log.append(batch(1, 100, 1), 4);
            log.replication().truncateTo(10);
            log.append(batch(1, 100, 1), 5);
            goOnWithWhatAKillLeaves();
        }
        byte[] later = Files.readAllBytes(log(8));

        assertThat(verify()).isEmpty();
        damage(log(0), SIZE + 80);
        repair();

        assertThat(Files.readAllBytes(log(8))).isEqualTo(later);
        try (PartitionLog log = open()) {
            assertThat(readable(log)).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
            assertThat(log.latestEpoch()).isEqualTo(5);
        }
    }

    private void goOnWithWhatAKillLeaves() throws IOException {
        Path killed = Files.createDirectories(temp.resolve("killed").resolve(directory.getFileName()));
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                Files.copy(file, killed.resolve(file.getFileName()));
            }
        }
        directory = killed;
    }

    @Test
    void aLostEndAndALostSegmentAreReportedAndTheLogOpensWithoutThem() throws IOException {
        Files.delete(log(4));
        Files.write(log(8), Arrays.copyOf(Files.readAllBytes(log(8)), SIZE));

        assertThat(verify())
                .contains(
                        new Finding(log(8), SIZE, "offsets from 9 to 10 were durable and are not there", true),
                        new Finding(log(8), 0, "offsets from 4 to 8 are not there", false));
        repair();

        try (PartitionLog log = open()) {
            assertThat(log.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(readable(log)).containsExactly(1L, 2L, 3L, 8L);
        }
    }

    @Test
    void aLogTornBeforeItsFirstCheckpointOpensAgain() throws IOException {
        Files.delete(directory.resolve(RecoveryCheckpoint.FILE));
        Files.write(log(0), Arrays.copyOf(Files.readAllBytes(log(0)), SIZE + 10));
        try (PartitionLog log = open()) {
            assertThat(log.recovery().damage()).isPresent();
        }

        repair();

        try (PartitionLog log = open()) {
            assertThat(log.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(readable(log)).containsExactly(0L, 4L, 5L, 6L, 7L, 8L, 9L);
        }
    }

    @Test
    void aTornTailIsLeftForTheNextStartToCut() throws IOException {
        PartitionLog crashed = open();
        crashed.append(batch(1, 100, 1), 3);
        byte[] whole = Files.readAllBytes(log(8));
        Files.write(log(8), Arrays.copyOf(whole, whole.length - 1));

        assertThat(verify()).singleElement().satisfies(finding -> {
            assertThat(finding.position()).isEqualTo(2L * SIZE);
            assertThat(finding.harmful()).isFalse();
        });
        assertThat(repair()).isEmpty();
        assertThatThrownBy(crashed::close).isInstanceOf(StorageException.class);
    }

    @Test
    void aTornTailWithoutAReadableCheckpointIsHarmfulAndRepaired() throws IOException {
        damage(directory.resolve(RecoveryCheckpoint.FILE), 10);
        Files.write(log(8), Arrays.copyOf(Files.readAllBytes(log(8)), 2 * SIZE - 1));
        try (PartitionLog log = open()) {
            assertThat(log.recovery().damage()).isPresent();
        }

        assertThat(verify()).filteredOn(Finding::harmful).singleElement().satisfies(finding -> {
            assertThat(finding.file()).isEqualTo(log(8));
            assertThat(finding.position()).isEqualTo(SIZE);
        });
        assertThat(repair()).isNotEmpty();

        try (PartitionLog log = open()) {
            assertThat(log.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(log.logEndOffset()).isEqualTo(9);
        }
    }

    @Test
    void aTornTailBehindOtherRecordsThanThoseOfTheCheckpointIsHarmfulAndRepaired() throws IOException {
        byte[] other = batch(1, 100, 2000).putLong(0, 9).putInt(LEADER_EPOCH, 3).array();
        byte[] bytes = Arrays.copyOf(Files.readAllBytes(log(8)), 3 * SIZE - 1);
        System.arraycopy(other, 0, bytes, SIZE, SIZE);
        Files.write(log(8), bytes);
        try (PartitionLog log = open()) {
            assertThat(log.recovery().damage()).isPresent();
        }

        assertThat(verify()).singleElement().satisfies(finding -> {
            assertThat(finding.position()).isEqualTo(2L * SIZE);
            assertThat(finding.harmful()).isTrue();
        });
        assertThat(repair()).isNotEmpty();

        try (PartitionLog log = open()) {
            assertThat(log.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(log.logEndOffset()).isEqualTo(10);
        }
    }

    @Test
    void aWrongIndexIsReported() throws IOException {
        Files.copy(
                SegmentNames.index(directory, 0),
                SegmentNames.index(directory, 4),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        damage(SegmentNames.index(directory, 4), 7);
        Files.delete(SegmentNames.index(directory, 0));

        assertThat(verify())
                .extracting(Finding::file)
                .containsExactly(SegmentNames.index(directory, 0), SegmentNames.index(directory, 4));
    }

    @Test
    void aRepairThatCannotBeWrittenIsAnError() throws IOException {
        damage(log(4), SIZE + 80);
        files.fullAfter(10);
        assertThatThrownBy(this::repair).isInstanceOf(StorageException.class);
        files.fullAfter(Integer.MAX_VALUE);
        assertThat(repair()).isNotEmpty();
        assertThat(verify()).noneMatch(Finding::harmful);
    }

    @Test
    void aRepairThatIsInterruptedAnywhereCanBeRepeatedAndLosesNothing() throws IOException {
        repairInterrupted(4, List.of(1L, 2L, 3L, 4L, 6L, 7L, 8L, 9L));
        repairInterrupted(8, List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L));
    }

    /** @param base the segment whose second batch is damaged */
    private void repairInterrupted(long base, List<Long> left) throws IOException {
        boolean died = true;
        for (int operations = 0; died; operations++) {
            String when = "segment " + base + ", dead after " + operations;
            writeTenBatches("topic" + base + "-" + operations);
            damage(log(base), SIZE + 80);
            files.dieAfter(operations);
            try {
                repair();
            } catch (StorageException dead) {
                assertThat(files.isDead()).as(when).isTrue();
            }
            died = files.isDead();
            files.dieAfter(Integer.MAX_VALUE);
            try (PartitionLog log = open()) {
                assertThat(log.logStartOffset()).as(when).isEqualTo(1);
            }
            repair();
            try (PartitionLog log = open()) {
                assertThat(log.recovery().damage()).as(when).isEmpty();
                assertThat(log.logStartOffset()).as(when).isEqualTo(1);
                assertThat(readable(log)).as(when).isEqualTo(left);
                assertThat(log.logEndOffset()).as(when).isEqualTo(10);
            }
        }
    }

    private List<Finding> verify() {
        return StoppedLog.in(directory, files).verify(bytes -> {});
    }

    private List<String> repair() {
        return LogRepair.repair(directory, files, bytes -> {});
    }

    private PartitionLog open() {
        return PartitionLog.open(directory, SMALL, environment);
    }

    private Path log(long base) {
        return SegmentNames.log(directory, base);
    }

    private static void damage(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    private static List<Long> readable(PartitionLog log) {
        List<Long> offsets = new ArrayList<>();
        for (long next = log.logStartOffset(); next < log.logEndOffset(); ) {
            List<RecordBatch> batches = Batches.batches(log.read(next, ALL, true, ALL));
            if (batches.isEmpty()) {
                return offsets;
            }
            batches.forEach(batch -> batch.forEach(record -> offsets.add(record.offset())));
            next = batches.get(batches.size() - 1).nextOffset();
        }
        return offsets;
    }
}
