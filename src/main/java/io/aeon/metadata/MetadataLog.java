package io.aeon.metadata;

import io.aeon.storage.batch.DamagedLogException;
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
import org.apache.kafka.common.record.internal.RecordBatch;
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
 * The log of the metadata quorum, kept as every partition's log is kept. Kafka's own would bring its metrics and JMX,
 * which take longer to load than all the rest of the engine, and memory-mapped indexes, which a full disk turns into
 * faults of the JVM.
 *
 * <p>What the leader appends is forced before the append returns: Kafka's raft client, alone in its quorum, commits
 * before it flushes.
 */
final class MetadataLog implements RaftLog {
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

    private final Path directory;
    private final LogEnvironment environment;
    private final DiskReserve reserve;
    private final PatientWrites writes;
    private final MetadataSnapshots snapshots;
    private volatile PartitionLog log;
    private volatile long highWatermark;
    private boolean failed;
    private boolean cleaningFailed;

    MetadataLog(Path directory, LogFiles files, Clock clock, PatientWrites writes) {
        this.directory = directory;
        this.writes = writes;
        this.environment = new LogEnvironment(clock, new MapBudget(0), files);
        this.reserve = new DiskReserve(files, directory);
        reserve.release();
        this.log = openWhole();
        this.snapshots = MetadataSnapshots.open(directory, log.logStartOffset());
        this.highWatermark = log.logStartOffset();
    }

    /** Metadata are the sum of all records: what lies before damage is not a part of them but other metadata. */
    private PartitionLog openWhole() {
        PartitionLog opened = PartitionLog.open(directory, CONFIG, environment);
        opened.recovery().damage().ifPresent(damage -> {
            opened.close();
            throw new DamagedLogException(damage);
        });
        return opened;
    }

    /** Keeps disk space aside for the day the disk is full, unless it is; a start gives it up first, for itself. */
    void keepReserve() {
        reserve.refill();
    }

    @Override
    public LogAppendInfo appendAsLeader(Records records, int epoch) {
        long base = log.logEndOffset();
        MemoryRecords batches = (MemoryRecords) records;
        writes.untilDone(() -> appendDurably(base, batches, epoch));
        return new LogAppendInfo(base, log.logEndOffset() - 1);
    }

    /** What an earlier attempt has left in the log is durable since the log was opened anew, and is not written twice. */
    private void appendDurably(long base, MemoryRecords batches, int epoch) {
        try {
            reopenIfFailed(base);
            ByteBuffer missing = from(log.logEndOffset() - base, batches);
            if (missing.hasRemaining()) {
                log.append(missing, epoch);
            }
            log.flush();
        } catch (StorageException e) {
            failed = true;
            if (!reserve.release()) {
                throw e;
            }
            LOG.warn("The disk space kept aside for metadata is given up: {}", e.getMessage());
            appendDurably(base, batches, epoch);
        }
    }

    private void reopenIfFailed(long base) {
        if (failed) {
            log.close();
            log = openWhole();
            if (log.logEndOffset() < base) {
                throw new StorageException(
                        "the metadata log has lost its end from offset " + log.logEndOffset() + " to " + base);
            }
            failed = false;
        }
    }

    /** The batches without those that hold the first so many records. */
    private static ByteBuffer from(long records, MemoryRecords batches) {
        ByteBuffer bytes = batches.buffer();
        long left = records;
        for (RecordBatch batch : batches.batches()) {
            left -= batch.lastOffset() - batch.baseOffset() + 1;
            if (left < 0) {
                break;
            }
            bytes.position(bytes.position() + batch.sizeInBytes());
        }
        return bytes;
    }

    @Override
    public LogAppendInfo appendAsFollower(Records records, int epoch) {
        throw alone();
    }

    @Override
    public LogFetchInfo read(long startOffset, Isolation isolation, int maxBytes) {
        long end = isolation == Isolation.COMMITTED ? highWatermark : log.logEndOffset();
        try (LogSlice slice = log.read(startOffset, Math.min(maxBytes, READ_BYTES), true, end)) {
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
        int latest = log.latestEpoch();
        return latest >= 0
                ? latest
                : snapshots.latest().map(OffsetAndEpoch::epoch).orElse(0);
    }

    @Override
    public OffsetAndEpoch endOffsetForEpoch(int epoch) {
        EpochEndOffset end = log.endOfEpoch(epoch);
        if (end.endOffset() < 0) {
            return new OffsetAndEpoch(log.logEndOffset(), lastFetchedEpoch());
        }
        return snapshots
                .earliest()
                .filter(earliest -> earliest.offset() == end.endOffset() && end.leaderEpoch() == epoch)
                .orElse(new OffsetAndEpoch(end.endOffset(), end.leaderEpoch()));
    }

    @Override
    public LogOffsetMetadata endOffset() {
        return new LogOffsetMetadata(log.logEndOffset());
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
        return log.logStartOffset();
    }

    /** The epoch begins with the first batch appended in it. */
    @Override
    public void initializeLeaderEpoch(int epoch) {}

    @Override
    public void truncateTo(long offset) {
        throw alone();
    }

    @Override
    public boolean truncateToLatestSnapshot() {
        throw alone();
    }

    @Override
    public void flush(boolean forceFlushActiveSegment) {
        if (log.durableOffset() < log.logEndOffset()) {
            log.flush();
        }
    }

    /**
     * Keeps the latest two snapshots and the log from the older one on. Called now and then by the raft client; what the
     * disk refuses is left for the next time.
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
                LOG.warn("The metadata log cannot be shortened now: {}", e.getMessage());
            }
            cleaningFailed = true;
            return false;
        }
    }

    @Override
    public boolean deleteBeforeSnapshot(OffsetAndEpoch snapshotId) {
        if (snapshotId.offset() <= log.logStartOffset()) {
            return false;
        }
        log.advanceLogStart(snapshotId.offset());
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
        if (id.offset() < log.logStartOffset()) {
            return Optional.empty();
        }
        if (id.offset() > highWatermark) {
            throw new IllegalArgumentException(
                    "A snapshot at " + id + " is beyond what is committed, " + highWatermark);
        }
        if (validateOffsetAndEpoch(id.offset(), id.epoch()).kind() != ValidOffsetAndEpoch.Kind.VALID) {
            throw new IllegalArgumentException("A snapshot at " + id + " is not of this log");
        }
        if (read(id.offset(), Isolation.COMMITTED, 1).startOffsetMetadata.offset() != id.offset()) {
            throw new IllegalArgumentException("A snapshot at " + id + " is inside a batch");
        }
        return createNewSnapshotUnchecked(id);
    }

    @Override
    public Optional<RawSnapshotWriter> createNewSnapshotUnchecked(OffsetAndEpoch snapshotId) {
        return snapshots.create(snapshotId);
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
        log.close();
        snapshots.close();
    }

    private static UnsupportedOperationException alone() {
        return new UnsupportedOperationException("the only voter of a quorum follows nobody");
    }
}
