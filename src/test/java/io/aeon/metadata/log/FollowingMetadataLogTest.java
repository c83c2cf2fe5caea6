package io.aeon.metadata.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.log.UnexpectedOffsetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.record.internal.UnalignedMemoryRecords;
import org.apache.kafka.common.record.internal.UnalignedRecords;
import org.apache.kafka.raft.Isolation;
import org.apache.kafka.raft.LogAppendInfo;
import org.apache.kafka.raft.ValidOffsetAndEpoch;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RawSnapshotReader;
import org.apache.kafka.snapshot.RawSnapshotWriter;
import org.junit.jupiter.api.Test;

/** The operations that Kafka's raft client calls on the log of a follower. */
class FollowingMetadataLogTest extends OpenMetadataLog {
    @Test
    void batchesKeepTheOffsetsAndEpochsOfTheLeader() {
        assertThat(append(batches(batch(0, 1, 3), batch(3, 2, 2)), 2)).isEqualTo(new LogAppendInfo(0, 4));

        assertThat(log.endOffset().offset()).isEqualTo(5);
        assertThat(log.lastFetchedEpoch()).isEqualTo(2);
        assertThat(log.endOffsetForEpoch(1)).isEqualTo(new OffsetAndEpoch(3, 1));
        reopen();
        assertThat(log.endOffset().offset()).isEqualTo(5);
        assertThat(offsets(Isolation.UNCOMMITTED, log.startOffset())).containsExactly(0L, 3L);
    }

    @Test
    void aDamagedBatchOrOneOfALaterEpochIsDroppedWithAllThatFollow() {
        ByteBuffer damaged = batch(3, 1, 1);
        damaged.put(damaged.limit() - 1, (byte) (damaged.get(damaged.limit() - 1) ^ 1));
        append(batches(batch(0, 1, 3), damaged, batch(4, 1, 1)), 1);
        assertThat(log.endOffset().offset()).isEqualTo(3);

        append(batches(batch(3, 1, 1), batch(4, 2, 1)), 1);
        assertThat(log.endOffset().offset()).isEqualTo(4);

        assertThatThrownBy(() -> append(batches(batch(4, 2, 1)), 1)).isInstanceOf(CorruptRecordException.class);
        assertThatThrownBy(() -> append(batches(), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(offsets(Isolation.UNCOMMITTED, log.startOffset())).containsExactly(0L, 3L);
    }

    @Test
    void aBatchThatTheLogAlreadyHasIsRefused() {
        append(batches(batch(0, 1, 3)), 1);

        assertThatThrownBy(() -> append(batches(batch(0, 1, 3)), 1)).isInstanceOf(UnexpectedOffsetException.class);
        assertThat(log.endOffset().offset()).isEqualTo(3);
    }

    @Test
    void aRefusedWriteIsRepeatedAndNoRecordIsWrittenTwice() {
        writes.beginToWait();
        AtomicInteger refusals = new AtomicInteger(2);
        disk.brokenWhile(() -> refusals.getAndDecrement() > 0);

        append(batches(batch(0, 1, 3), batch(3, 1, 2)), 1);

        assertThat(refusals).hasNegativeValue();
        assertThat(offsets(Isolation.UNCOMMITTED, log.startOffset())).containsExactly(0L, 3L);
        assertThat(log.endOffset().offset()).isEqualTo(5);
    }

    @Test
    void truncationRemovesUncommittedRecordsOnly() {
        append(batches(batch(0, 1, 3), batch(3, 1, 2), batch(5, 2, 1)), 2);
        commit(3);

        assertThat(log.truncateToEndOffset(new OffsetAndEpoch(5, 1))).isEqualTo(5);
        assertThat(log.lastFetchedEpoch()).isEqualTo(1);
        assertThatThrownBy(() -> log.truncateTo(2)).isInstanceOf(IllegalArgumentException.class);
        log.truncateTo(3);

        reopen();
        assertThat(offsets(Isolation.UNCOMMITTED, log.startOffset())).containsExactly(0L);
        append(batches(batch(3, 4, 1)), 4);
        assertThat(log.endOffsetForEpoch(1)).isEqualTo(new OffsetAndEpoch(3, 1));
        assertThat(log.validateOffsetAndEpoch(4, 1).kind()).isEqualTo(ValidOffsetAndEpoch.Kind.DIVERGING);
    }

    @Test
    void aSnapshotAheadOfTheLogReplacesTheLog() {
        append(batches(batch(0, 1, 3)), 1);
        commit(3);
        fetched(new OffsetAndEpoch(2, 1));
        assertThat(log.truncateToLatestSnapshot())
                .as("a snapshot of what the log has")
                .isFalse();

        fetched(new OffsetAndEpoch(100, 2));
        assertThat(log.truncateToLatestSnapshot()).isTrue();

        for (int open = 0; open < 2; open++) {
            assertThat(log.startOffset()).isEqualTo(100);
            assertThat(log.endOffset().offset()).isEqualTo(100);
            assertThat(log.highWatermark().offset()).isEqualTo(100);
            assertThat(log.lastFetchedEpoch()).isEqualTo(2);
            assertThat(log.earliestSnapshotId()).contains(new OffsetAndEpoch(100, 2));
            reopen();
        }
        append(batches(batch(100, 2, 1)), 2);
        assertThat(log.endOffset().offset()).isEqualTo(101);
    }

    @Test
    void aPartOfASnapshotStaysWholeWhenTheSnapshotIsDeleted() {
        append(batches(batch(0, 1, 3), batch(3, 1, 3)), 1);
        commit(6);
        OffsetAndEpoch old = new OffsetAndEpoch(3, 1);
        try (RawSnapshotWriter writer = log.createNewSnapshot(old).orElseThrow()) {
            writer.append(new UnalignedMemoryRecords(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5})));
            writer.freeze();
        }
        RawSnapshotReader reader = log.readSnapshot(old).orElseThrow();

        UnalignedRecords middle = reader.slice(1, 3);
        UnalignedRecords end = reader.slice(3, 100);
        fetched(new OffsetAndEpoch(6, 1));
        assertThat(log.deleteBeforeSnapshot(new OffsetAndEpoch(6, 1))).isTrue();

        assertThat(((UnalignedMemoryRecords) middle).buffer()).isEqualTo(ByteBuffer.wrap(new byte[] {2, 3, 4}));
        assertThat(((UnalignedMemoryRecords) end).buffer()).isEqualTo(ByteBuffer.wrap(new byte[] {4, 5}));
        assertThat(log.readSnapshot(old)).isEmpty();
    }

    @Test
    void aRefusedPartOfAFetchedSnapshotIsWrittenAgain() {
        writes.beginToWait();
        AtomicInteger refusals = new AtomicInteger();
        disk.fullWhile(() -> refusals.getAndDecrement() > 0);
        OffsetAndEpoch id = new OffsetAndEpoch(100, 2);
        try (RawSnapshotWriter writer = log.createNewSnapshotUnchecked(id).orElseThrow()) {
            for (byte part = 0; part < 3; part++) {
                refusals.set(2);
                writer.append(new UnalignedMemoryRecords(ByteBuffer.wrap(new byte[] {part, part})));
                assertThat(refusals).hasNegativeValue();
            }
            assertThat(writer.sizeInBytes()).isEqualTo(6);
            writer.freeze();
        }

        reopen();

        UnalignedRecords whole = log.readSnapshot(id).orElseThrow().slice(0, 100);
        assertThat(((UnalignedMemoryRecords) whole).buffer()).isEqualTo(ByteBuffer.wrap(new byte[] {0, 0, 1, 1, 2, 2}));
    }

    @Test
    void aFetchedSnapshotThatIsNotCompleteLeavesNoFile() {
        OffsetAndEpoch id = new OffsetAndEpoch(100, 2);
        try (RawSnapshotWriter writer = log.createNewSnapshotUnchecked(id).orElseThrow()) {
            writer.append(new UnalignedMemoryRecords(ByteBuffer.wrap(new byte[] {1})));
            assertThat(writer.isFrozen()).isFalse();
        }

        assertThat(log.readSnapshot(id)).isEmpty();
        assertThat(dir).isDirectoryNotContaining("glob:**checkpoint*.part");
    }

    @Test
    void aSnapshotOfALaterEpochReplacesALongerLog() {
        append(batches(batch(0, 1, 9)), 1);
        fetched(new OffsetAndEpoch(5, 3));

        assertThat(log.truncateToLatestSnapshot()).isTrue();
        assertThat(log.endOffset().offset()).isEqualTo(5);
    }

    @Test
    void anEpochBeginsAtTheLogEndBeforeItHasRecords() {
        append(batches(batch(0, 1, 3)), 1);

        log.initializeLeaderEpoch(5);

        assertThat(log.lastFetchedEpoch()).isEqualTo(5);
        assertThat(log.endOffsetForEpoch(1)).isEqualTo(new OffsetAndEpoch(3, 1));
    }

    private LogAppendInfo append(MemoryRecords records, int epoch) {
        return log.appendAsFollower(records, epoch);
    }

    /** A snapshot of the leader. */
    private void fetched(OffsetAndEpoch id) {
        try (RawSnapshotWriter writer = log.createNewSnapshotUnchecked(id).orElseThrow()) {
            writer.append(new UnalignedMemoryRecords(ByteBuffer.wrap(new byte[] {1})));
            writer.freeze();
        }
    }

    private static ByteBuffer batch(long base, int epoch, int records) {
        SimpleRecord[] each = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            each[i] = new SimpleRecord("record".getBytes(StandardCharsets.UTF_8));
        }
        return MemoryRecords.withRecords(base, Compression.NONE, epoch, each).buffer();
    }

    private static MemoryRecords batches(ByteBuffer... batches) {
        int size = 0;
        for (ByteBuffer batch : batches) {
            size += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (ByteBuffer batch : batches) {
            all.put(batch.duplicate());
        }
        return MemoryRecords.readableRecords(all.flip());
    }
}
