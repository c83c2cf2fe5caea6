package io.aeon.metadata.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.file.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.record.internal.UnalignedMemoryRecords;
import org.apache.kafka.raft.Isolation;
import org.apache.kafka.raft.LogAppendInfo;
import org.apache.kafka.raft.ValidOffsetAndEpoch;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RawSnapshotWriter;
import org.junit.jupiter.api.Test;

class MetadataLogTest extends OpenMetadataLog {
    @Test
    void readsOfCommittedRecordsEndAtTheHighWatermark() {
        append(3, 1);
        append(2, 1);

        assertThat(offsets(Isolation.COMMITTED, 0)).isEmpty();
        commit(3);
        assertThat(offsets(Isolation.COMMITTED, 0)).containsExactly(0L);
        assertThat(offsets(Isolation.UNCOMMITTED, 0)).containsExactly(0L, 3L);
        assertThat(log.endOffset().offset()).isEqualTo(5);
    }

    @Test
    void anEpochEndsWhereTheNextOneStarts() {
        append(3, 1);
        append(2, 4);

        assertThat(log.lastFetchedEpoch()).isEqualTo(4);
        assertThat(log.endOffsetForEpoch(1)).isEqualTo(new OffsetAndEpoch(3, 1));
        assertThat(log.validateOffsetAndEpoch(3, 1).kind()).isEqualTo(ValidOffsetAndEpoch.Kind.VALID);
        assertThat(log.validateOffsetAndEpoch(4, 1).kind()).isEqualTo(ValidOffsetAndEpoch.Kind.DIVERGING);
    }

    @Test
    void appendedRecordsAreReadAfterAReopen() {
        append(3, 1);
        log.close();

        open();

        assertThat(log.endOffset().offset()).isEqualTo(3);
        assertThat(log.lastFetchedEpoch()).isEqualTo(1);
        assertThat(offsets(Isolation.UNCOMMITTED, 0)).containsExactly(0L);
    }

    @Test
    void aDamagedLogIsRefusedAsAWhole() throws Exception {
        append(3, 1);
        append(3, 1);
        log.close();
        Path segment = dir.resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);

        assertThatThrownBy(() -> new MetadataLog(dir, disk.files(), Clock.systemUTC(), writes))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining(segment + " is damaged at");
    }

    @Test
    void aSnapshotContainsOnlyCommittedRecordsAndEndsBetweenBatches() {
        append(3, 1);
        append(3, 1);
        commit(6);

        assertThatThrownBy(() -> log.createNewSnapshot(new OffsetAndEpoch(9, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.createNewSnapshot(new OffsetAndEpoch(3, 2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.createNewSnapshot(new OffsetAndEpoch(4, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        snapshot(3);
        assertThat(log.latestSnapshotId()).contains(new OffsetAndEpoch(3, 1));
        assertThat(log.createNewSnapshot(new OffsetAndEpoch(3, 1))).isEmpty();
    }

    @Test
    void theLatestTwoSnapshotsAndTheLogFromTheOlderOneAreKept() throws Exception {
        for (int i = 1; i <= 3; i++) {
            append(1, 1);
            commit(i);
            snapshot(i);
        }

        assertThat(log.maybeClean()).isTrue();
        assertThat(log.maybeClean()).isFalse();

        assertThat(log.startOffset()).isEqualTo(2);
        assertThat(snapshotFiles())
                .containsExactly(
                        "00000000000000000002-0000000001.checkpoint", "00000000000000000003-0000000001.checkpoint");
        reopen();
        assertThat(log.startOffset()).isEqualTo(2);
        assertThat(log.latestSnapshot().orElseThrow().snapshotId()).isEqualTo(new OffsetAndEpoch(3, 1));
        assertThat(log.earliestSnapshotId()).contains(new OffsetAndEpoch(2, 1));
    }

    @Test
    void aSnapshotLeftHalfWrittenIsRemoved() throws Exception {
        append(1, 1);
        log.close();
        Files.createFile(dir.resolve("00000000000000000001-0000000001-77.checkpoint.part"));

        open();

        assertThat(log.latestSnapshotId()).isEmpty();
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    @Test
    void aLogWithoutItsSnapshotIsRefused() throws Exception {
        append(1, 1);
        commit(1);
        snapshot(1);
        log.deleteBeforeSnapshot(new OffsetAndEpoch(1, 1));
        log.close();
        Files.delete(dir.resolve("00000000000000000001-0000000001.checkpoint"));

        assertThatThrownBy(() -> new MetadataLog(dir, disk.files(), Clock.systemUTC(), writes))
                .hasMessageContaining("no snapshot of the records before it");
    }

    @Test
    void onAFullDiskTheReserveIsUsed() {
        append(1, 1);
        log.keepReserve();
        disk.fullWhile(() -> Files.exists(dir.resolve("reserve")));

        append(2, 1);

        assertThat(offsets(Isolation.UNCOMMITTED, 0)).containsExactly(0L, 1L);
        assertThat(dir.resolve("reserve")).doesNotExist();
        disk.fullWhile(() -> false);
        log.keepReserve();
        assertThat(dir.resolve("reserve")).exists();
    }

    @Test
    void duringAStartAFullDiskWithoutAReserveIsAnError() {
        append(1, 1);
        disk.fullWhile(() -> true);

        assertThatThrownBy(() -> append(2, 1)).isInstanceOf(StorageException.class);
    }

    @Test
    void aRefusedWriteIsRepeatedUntilItSucceeds() {
        append(1, 1);
        writes.beginToWait();
        AtomicInteger refusals = new AtomicInteger(3);
        disk.fullWhile(() -> refusals.getAndDecrement() > 0);

        append(2, 1);

        assertThat(refusals).hasNegativeValue();
        assertThat(log.endOffset().offset()).isEqualTo(3);
        assertThat(offsets(Isolation.UNCOMMITTED, 0)).containsExactly(0L, 1L);
    }

    @Test
    void aFailedFsyncIsRepeatedAndNoRecordIsWrittenTwice() {
        append(1, 1);
        writes.beginToWait();
        AtomicInteger refusals = new AtomicInteger(3);
        disk.brokenWhile(() -> refusals.getAndDecrement() > 0);

        LogAppendInfo appended = append(2, 1);

        assertThat(refusals).hasNegativeValue();
        assertThat(appended).isEqualTo(new LogAppendInfo(1, 2));
        assertThat(log.endOffset().offset()).isEqualTo(3);
        assertThat(offsets(Isolation.UNCOMMITTED, 0)).containsExactly(0L, 1L);
        reopen();
        assertThat(offsets(Isolation.UNCOMMITTED, 0)).containsExactly(0L, 1L);
    }

    @Test
    void aCloseEndsTheWaitForTheDisk() {
        writes.beginToWait();
        disk.fullWhile(() -> true);
        CompletableFuture<?> appending = CompletableFuture.runAsync(() -> append(1, 1));
        await().until(() ->
                writes.unlessRefused(() -> new CompletableFuture<>()).isCompletedExceptionally());

        writes.close();

        assertThat(appending)
                .failsWithin(PatientWaits.LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(StorageException.class);
    }

    @Test
    void aRefusedDeletionOfOldRecordsIsNoError() {
        for (int i = 1; i <= 3; i++) {
            append(1, 1);
            commit(i);
            snapshot(i);
        }
        disk.fullWhile(() -> true);

        assertThat(log.maybeClean()).isFalse();

        disk.fullWhile(() -> false);
        writes.beginToWait();
        append(1, 1);
        commit(4);
        snapshot(4);
        assertThat(log.maybeClean()).isTrue();
        assertThat(log.startOffset()).isEqualTo(3);
    }

    private LogAppendInfo append(int records, int epoch) {
        SimpleRecord[] each = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            each[i] = new SimpleRecord("record".getBytes(StandardCharsets.UTF_8));
        }
        return log.appendAsLeader(
                MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V2, log.endOffset().offset(), Compression.NONE, each),
                epoch);
    }

    private void snapshot(long offset) {
        try (RawSnapshotWriter writer =
                log.createNewSnapshot(new OffsetAndEpoch(offset, 1)).orElseThrow()) {
            writer.append(new UnalignedMemoryRecords(ByteBuffer.wrap(new byte[] {1})));
            writer.freeze();
        }
    }

    private List<String> snapshotFiles() throws Exception {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{20}-\\d{10}.*"))
                    .sorted()
                    .toList();
        }
    }
}
