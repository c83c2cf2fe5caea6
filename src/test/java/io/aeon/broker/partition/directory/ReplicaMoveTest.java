package io.aeon.broker.partition.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.actor.Records;
import io.aeon.storage.file.ForwardingFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps of a move, between any two of which the broker can be killed. */
class ReplicaMoveTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final Uuid TOPIC = new Uuid(1, 2);

    @TempDir
    private Path dir;

    private final FailingFiles sourceFiles = new FailingFiles();
    private final FailingFiles targetFiles = new FailingFiles();
    private Disk target;
    private PartitionDirectory from;
    private ReplicaMove move;

    @BeforeEach
    void write() throws IOException {
        Disk source = disk("source", sourceFiles);
        target = disk("target", targetFiles);
        from = new PartitionDirectory(source, PARTITION, TOPIC);
        from.claim();
        append(10);
        move = new ReplicaMove(from, target, LogConfig.DEFAULT);
    }

    @Test
    void theCopyTakesThePlaceOfTheOriginal() throws IOException {
        move.complete();
        move.commit().run();

        assertThat(entries(target)).containsExactly("orders-0");
        assertThat(entries(from.disk())).isEmpty();
        assertThat(endOf(move.to())).isEqualTo(10);
        assertThat(move.to().isOwn()).isTrue();
    }

    @Test
    void recordsThatFollowedTheCopyingAreCopiedInTheEnd() {
        move.begin(0);
        move.append(all());
        append(5);

        move.complete();
        move.commit().run();

        assertThat(endOf(move.to())).isEqualTo(15);
    }

    @Test
    void aStartBeyondTheCopyLetsItBeginAnew() {
        move.begin(0);
        append(5);
        try (PartitionLog log = from.open(LogConfig.DEFAULT)) {
            log.start().advanceTo(12);
        }

        move.complete();
        move.commit().run();

        try (PartitionLog log = move.to().open(LogConfig.DEFAULT)) {
            assertThat(log.logStartOffset()).isEqualTo(12);
            assertThat(log.logEndOffset()).isEqualTo(15);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void recordsThatTheOriginalHasTruncatedAreNotInTheCopy(int records) {
        move.begin(0);
        move.append(all());
        try (PartitionLog log = from.open(LogConfig.DEFAULT)) {
            log.replication().truncateTo(8);
            append(log, records, 2);
        }
        byte[] original = all();

        move.complete();
        move.commit().run();

        assertThat(all(move.to())).isEqualTo(original);
    }

    @Test
    void theCopyIsOpenedAsItWasClosed() {
        deleteInsideOfABatch();

        move.complete();
        move.commit().run();

        assertOpensAsClosed(move.to());
    }

    @Test
    void theCopyOfACrashIsOpenedAsItWasClosed() {
        deleteInsideOfABatch();
        move.complete();

        FutureDirectories.settle(target, PARTITION::equals);

        assertOpensAsClosed(move.to());
    }

    @Test
    void aCopyThatTheMetadataDoNotNameIsRemovedAtTheNextStart() throws IOException {
        move.begin(0);
        move.append(all());
        move.leave();

        assertThat(FutureDirectories.settle(target, recorded -> false)).containsExactly(PARTITION);

        assertThat(entries(target)).isEmpty();
        assertThat(endOf(from)).isEqualTo(10);
    }

    @Test
    void aCopyThatTheMetadataNameIsThePartitionAtTheNextStart() throws IOException {
        move.complete();

        assertThat(FutureDirectories.settle(target, PARTITION::equals)).isEmpty();

        assertThat(entries(target)).containsExactly("orders-0");
        assertThat(endOf(move.to())).isEqualTo(10);
    }

    @Test
    void aCopyBesideThePartitionItselfIsRemoved() throws IOException {
        move.complete();
        new PartitionDirectory(target, PARTITION, TOPIC).claim();

        assertThat(FutureDirectories.settle(target, PARTITION::equals)).containsExactly(PARTITION);

        assertThat(entries(target)).containsExactly("orders-0");
    }

    @Test
    void whatAnEarlierMoveCouldNotRemoveDoesNotHoldUpTheNextOne() throws IOException {
        new PartitionDirectory(target, PARTITION, TOPIC).claim();

        move.complete();
        move.commit().run();

        assertThat(entries(target)).containsExactlyInAnyOrder("orders-0", "orders-0.stray.1");
        assertThat(endOf(move.to())).isEqualTo(10);
    }

    @Test
    void anAbandonedCopyLeavesNothing() throws IOException {
        move.begin(0);
        move.append(all());

        move.abandon();

        assertThat(entries(target)).isEmpty();
        assertThat(endOf(from)).isEqualTo(10);
    }

    @Test
    void theMoveIsMadeEvenIfTheOldDiskFailsWhenItLosesTheOriginal() {
        move.complete();
        sourceFiles.fail = true;

        Runnable removal = move.commit();

        assertThatThrownBy(removal::run).isInstanceOf(StorageException.class);
        assertThat(endOf(move.to())).isEqualTo(10);
    }

    @Test
    void aCopyThatCannotGetThePartitionsNameDurablyLeavesNothing() throws IOException {
        move.complete();
        targetFiles.fail = true;
        assertThatThrownBy(move::commit).isInstanceOf(StorageException.class);
        targetFiles.fail = false;

        move.abandon();

        assertThat(entries(target)).isEmpty();
        assertThat(endOf(from)).isEqualTo(10);
    }

    private void append(int records) {
        try (PartitionLog log = from.open(LogConfig.DEFAULT)) {
            append(log, records, 0);
        }
    }

    private static void append(PartitionLog log, int records, int epoch) {
        for (int i = 0; i < records; i++) {
            log.append(Records.batch("value of epoch " + epoch), epoch);
        }
    }

    private void deleteInsideOfABatch() {
        try (PartitionLog log = from.open(LogConfig.DEFAULT)) {
            log.append(Records.batch("a", "b", "c", "d"), 0);
            log.start().advanceTo(12);
        }
    }

    private static void assertOpensAsClosed(PartitionDirectory directory) {
        try (PartitionLog log = directory.open(LogConfig.DEFAULT)) {
            assertThat(log.logStartOffset()).isEqualTo(12);
            assertThat(log.recovery().scannedBytes()).isZero();
        }
    }

    private byte[] all() {
        return all(from);
    }

    private static byte[] all(PartitionDirectory directory) {
        try (PartitionLog log = directory.open(LogConfig.DEFAULT);
                LogSlice slice = log.read(0, 1 << 20, true, log.logEndOffset())) {
            byte[] batches = new byte[slice.size()];
            slice.copyTo(batches, 0);
            return batches;
        }
    }

    private static long endOf(PartitionDirectory directory) {
        try (PartitionLog log = directory.open(LogConfig.DEFAULT)) {
            return log.logEndOffset();
        }
    }

    private Disk disk(String name, LogFiles files) throws IOException {
        return OneDisk.of(
                Files.createDirectory(dir.resolve(name)),
                new LogEnvironment(Clock.systemUTC(), new MapBudget(100), files),
                Runnable::run);
    }

    /** A disk on which no fsync of a directory succeeds while it is told to fail. */
    private static final class FailingFiles extends ForwardingFiles {
        private boolean fail;

        FailingFiles() {
            super(LogFiles.disk());
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            if (fail) {
                throw new IOException("Input/output error, as told");
            }
            super.forceDirectory(directory);
        }
    }

    private static List<String> entries(Disk disk) throws IOException {
        try (Stream<Path> entries = Files.list(disk.directory())) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
