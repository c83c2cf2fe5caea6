package io.aeon.metadata.log;

import io.aeon.metadata.directory.PatientWrites;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.segment.EpochEndOffset;
import io.aeon.storage.segment.SegmentConfig;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Iterator;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.raft.Isolation;
import org.apache.kafka.raft.LogAppendInfo;
import org.apache.kafka.raft.LogFetchInfo;
import org.apache.kafka.raft.LogOffsetMetadata;
import org.apache.kafka.raft.RaftLog;
import org.apache.kafka.raft.ValidOffsetAndEpoch;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RawSnapshotReader;
import org.apache.kafka.snapshot.RawSnapshotWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of the metadata quorum, stored like a partition's log. Kafka's own implementation would load its metrics and
 * JMX, which takes longer than all the rest, and map its indexes into memory, which causes JVM faults on a full disk.
 *
 * <p>Appended records are synced to the disk before the append returns, because the raft client of a single voter
 * commits before it flushes.
 */
public final class MetadataLog implements RaftLog {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataLog.class);
    private static final int SEGMENT_BYTES = 32 << 20;
    private static final int READ_BYTES = 8 << 20;
    private static final LogConfig CONFIG = new LogConfig(
            SEGMENT_BYTES,
            SegmentConfig.DEFAULT.segmentMs(),
            SegmentConfig.DEFAULT.indexIntervalBytes(),
            SegmentConfig.DEFAULT.indexMaxBytes(),
            -1,
            -1,
            SegmentConfig.DEFAULT.fileDeleteDelayMs(),
            false,
            Long.MAX_VALUE);

    private final DurableLog durable;
    private final MetadataSnapshots snapshots;
    private volatile long highWatermark;
    private boolean cleaningFailed;

    public MetadataLog(Path directory, LogFiles files, Clock clock, PatientWrites writes) {
        this.durable = new DurableLog(directory, CONFIG, new LogEnvironment(clock, new MapBudget(0), files), writes);
        this.snapshots = MetadataSnapshots.open(directory, files, durable);
        this.highWatermark = log().logStartOffset();
        finishTruncation();
    }

    /** A follower may have stopped between the last byte of a snapshot and the truncation of its log. */
    private void finishTruncation() {
        try {
            truncateToLatestSnapshot();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private PartitionLog log() {
        return durable.log();
    }

    /** @see DurableLog#keepReserve */
    public void keepReserve() {
        durable.keepReserve();
    }

    @Override
    public LogAppendInfo appendAsLeader(Records records, int epoch) {
        return durable.append((MemoryRecords) records, (log, batches) -> log.append(batches, epoch));
    }

    /** Appends the valid batches; the raft client fetches the rest again. */
    @Override
    public LogAppendInfo appendAsFollower(Records records, int epoch) {
        MemoryRecords batches = LeaderBatches.valid((MemoryRecords) records, epoch);
        return durable.append(batches, (log, missing) -> log.replication().appendAsFollower(missing));
    }

    @Override
    public LogFetchInfo read(long startOffset, Isolation isolation, int maxBytes) {
        long end = isolation == Isolation.COMMITTED ? highWatermark : log().logEndOffset();
        try (LogSlice slice = log().read(startOffset, Math.min(maxBytes, READ_BYTES), true, end)) {
            byte[] bytes = new byte[slice.size()];
            slice.copyTo(bytes, 0);
            MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes));
            Iterator<MutableRecordBatch> batches = records.batches().iterator();
            long base = batches.hasNext() ? batches.next().baseOffset() : startOffset;
            return new LogFetchInfo(records, new LogOffsetMetadata(base));
        }
    }

    @Override
    public int lastFetchedEpoch() {
        int latest = log().latestEpoch();
        return latest >= 0
                ? latest
                : snapshots.latest().map(OffsetAndEpoch::epoch).orElse(0);
    }

    @Override
    public OffsetAndEpoch endOffsetForEpoch(int epoch) {
        EpochEndOffset end = log().endOfEpoch(epoch);
        if (end.endOffset() < 0) {
            return new OffsetAndEpoch(log().logEndOffset(), lastFetchedEpoch());
        }
        return snapshots
                .earliest()
                .filter(earliest -> earliest.offset() == end.endOffset() && end.leaderEpoch() == epoch)
                .orElse(new OffsetAndEpoch(end.endOffset(), end.leaderEpoch()));
    }

    @Override
    public LogOffsetMetadata endOffset() {
        return new LogOffsetMetadata(log().logEndOffset());
    }

    @Override
    public LogOffsetMetadata highWatermark() {
        return new LogOffsetMetadata(highWatermark);
    }

    @Override
    public void updateHighWatermark(LogOffsetMetadata offset) {
        highWatermark = offset.offset();
    }

    @Override
    public long startOffset() {
        return log().logStartOffset();
    }

    @Override
    public void initializeLeaderEpoch(int epoch) {
        log().replication().beginEpoch(epoch);
    }

    @Override
    public void truncateTo(long offset) {
        if (offset < highWatermark) {
            throw new IllegalArgumentException(
                    "The log cannot be truncated to " + offset + ", below the high watermark " + highWatermark);
        }
        durable.change(0, log -> log.replication().truncateTo(offset));
    }

    @Override
    public boolean truncateToLatestSnapshot() {
        OffsetAndEpoch latest = snapshots.latest().orElse(null);
        if (latest == null || !isAhead(latest)) {
            return false;
        }
        durable.change(0, log -> log.replication().startAnew(latest.offset()));
        snapshots.removeBefore(latest);
        highWatermark = latest.offset();
        return true;
    }

    private boolean isAhead(OffsetAndEpoch snapshot) {
        int epoch = Math.max(log().latestEpoch(), 0);
        if (epoch == 0 && snapshot.offset() == log().logEndOffset()) {
            return false;
        }
        return snapshot.epoch() > epoch || (snapshot.epoch() == epoch && snapshot.offset() > log().logEndOffset());
    }

    @Override
    public void flush(boolean forceFlushActiveSegment) {
        if (log().durableOffset() < log().logEndOffset()) {
            durable.change(log().durableOffset(), log -> {});
        }
    }

    /**
     * Deletes all but the latest two snapshots, and the records before the older one. Retried later if the disk
     * refuses.
     */
    @Override
    public boolean maybeClean() {
        try {
            boolean cleaned =
                    snapshots.beforeLatest().map(this::deleteBeforeSnapshot).orElse(false);
            cleaningFailed = false;
            return cleaned;
        } catch (StorageException | UncheckedIOException e) {
            if (!cleaningFailed) {
                LOG.warn("Old records of the metadata log cannot be deleted now: {}", e.getMessage());
            }
            cleaningFailed = true;
            return false;
        }
    }

    @Override
    public boolean deleteBeforeSnapshot(OffsetAndEpoch snapshotId) {
        if (!snapshots.contains(snapshotId)
                || snapshotId.offset() <= log().logStartOffset()
                || snapshotId.offset() > highWatermark) {
            return false;
        }
        log().start().advanceTo(snapshotId.offset());
        snapshots.removeBefore(snapshotId);
        return true;
    }

    @Override
    public TopicPartition topicPartition() {
        return Topic.CLUSTER_METADATA_TOPIC_PARTITION;
    }

    @Override
    public Uuid topicId() {
        return Uuid.METADATA_TOPIC_ID;
    }

    @Override
    public Optional<RawSnapshotWriter> createNewSnapshot(OffsetAndEpoch id) {
        if (id.offset() < log().logStartOffset()) {
            return Optional.empty();
        }
        if (id.offset() > highWatermark) {
            throw new IllegalArgumentException(
                    "A snapshot at " + id + " is beyond the high watermark " + highWatermark);
        }
        if (validateOffsetAndEpoch(id.offset(), id.epoch()).kind() != ValidOffsetAndEpoch.Kind.VALID) {
            throw new IllegalArgumentException("A snapshot at " + id + " does not match the epochs of this log");
        }
        if (read(id.offset(), Isolation.COMMITTED, 1).startOffsetMetadata.offset() != id.offset()) {
            throw new IllegalArgumentException("A snapshot at " + id + " is inside a batch");
        }
        return snapshots.create(id);
    }

    /** For a snapshot that the raft client fetches from the leader. */
    @Override
    public Optional<RawSnapshotWriter> createNewSnapshotUnchecked(OffsetAndEpoch snapshotId) {
        return snapshots.createFetched(snapshotId);
    }

    @Override
    public Optional<RawSnapshotReader> readSnapshot(OffsetAndEpoch snapshotId) {
        return snapshots.read(snapshotId);
    }

    @Override
    public Optional<RawSnapshotReader> latestSnapshot() {
        return snapshots.latest().flatMap(snapshots::read);
    }

    @Override
    public Optional<OffsetAndEpoch> latestSnapshotId() {
        return snapshots.latest();
    }

    @Override
    public Optional<OffsetAndEpoch> earliestSnapshotId() {
        return snapshots.earliest();
    }

    @Override
    public void onSnapshotFrozen(OffsetAndEpoch snapshotId) {
        snapshots.frozen(snapshotId);
    }

    @Override
    public void close() {
        durable.close();
        snapshots.close();
    }
}
