package io.aeon.storage.log;

import io.aeon.storage.compaction.CleanPoint;
import io.aeon.storage.compaction.CleanState;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.SegmentRetiredException;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.producer.ProducerStates.Snapshot;
import io.aeon.storage.recovery.LogRecovery;
import io.aeon.storage.recovery.RecoveryCheckpoint;
import io.aeon.storage.segment.DurablePoint;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentEnd;
import io.aeon.storage.segment.Segments;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which part of one log is on the disk, and the only code that forces it there. After a failed write or fsync the state
 * of the disk is unknown, so the first failure is final. Thread-safe. An append waits for the disk at most once per
 * opening, before the second segment.
 */
final class LogSync implements CleanState {
    /** Gaps seldom come alone: one checkpoint covers all gaps in this many offsets. */
    private static final long GAP_AHEAD = 1 << 20;

    private final Segments segments;
    private final LogDirectory directory;
    private final LogProducers producers;
    private final CheckpointWriter checkpoints;
    private final LongSupplier logStartOffset;
    private volatile DurablePoint durable;
    private volatile @Nullable StorageException failure;
    private volatile CleanPoint clean;
    private volatile int truncations;
    private volatile boolean closed;

    LogSync(
            Segments segments,
            LogDirectory directory,
            LeaderEpochs epochs,
            LogProducers producers,
            LogFiles files,
            LongSupplier logStartOffset,
            LogRecovery.Recovered recovered) {
        this.segments = segments;
        this.directory = directory;
        this.producers = producers;
        this.checkpoints = new CheckpointWriter(
                segments, directory, epochs, producers, files, logStartOffset, recovered.checkpoint());
        this.logStartOffset = logStartOffset;
        this.durable = recovered.durable();
        this.clean = recovered.clean();
    }

    long durableOffset() {
        return durable.offset();
    }

    /** @see PartitionLog#hasUnflushedRoll */
    boolean hasUnflushedRoll() {
        Segment last = segments.last();
        return last != null && last.baseOffset() > durable.segmentBase();
    }

    /** Ends all further appends and flushes until the log is opened again. */
    void fail(StorageException cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    void requireUsable() {
        StorageException cause = failure;
        if (cause != null) {
            throw new StorageException("the log failed earlier: " + cause.getMessage(), cause);
        }
        if (closed) {
            throw new LogClosedException(directory.path() + " is closed");
        }
    }

    boolean hasFailed() {
        return failure != null;
    }

    /**
     * Forces all bytes that were appended before the call. A checkpoint follows from time to time. A failed checkpoint
     * only makes the next opening slower, and the next {@link #checkpoint} reports it.
     */
    synchronized long flush() {
        force();
        if (checkpointDue()) {
            checkpointIfPossible(false);
        }
        return durable.offset();
    }

    /** Like {@link #checkpoint} where a failure only makes the next opening slower. */
    synchronized void checkpointIfPossible(boolean thorough) {
        try {
            checkpoint(thorough);
        } catch (StorageException e) {
            requireUsable();
        }
    }

    /**
     * A log gets its second segment only after a checkpoint: without one, an opening after a power cut could not know
     * that damaged bytes in the first segment were never durable. Where offsets may be missing, each new segment needs
     * a checkpoint: an opening could not distinguish the lost end of the previous segment from a gap.
     *
     * @throws StorageException the checkpoint cannot be written
     */
    void beforeRoll() {
        Segment last = segments.last();
        boolean gapMayFollow = last != null && last.end().nextOffset() < clean.gapsTo();
        if (checkpoints.written() == null || gapMayFollow) {
            synchronized (this) {
                checkpoint(false);
            }
        }
    }

    private boolean checkpointDue() {
        return checkpoints.bytesSince(durable) >= PartitionLog.CHECKPOINT_BYTES;
    }

    /** @see PartitionLog#checkpoint */
    void checkpointIfLacking(long leastBytes) {
        requireUsable();
        Segment last = segments.last();
        if (last != null && isCheckpointLacking(last, leastBytes)) {
            checkpointIfPossible(true);
        }
    }

    private boolean isCheckpointLacking(Segment last, long leastBytes) {
        RecoveryCheckpoint known = checkpoints.written();
        if (known == null && segments.all().size() == 1) {
            return last.end().position() >= leastBytes;
        }
        return known == null
                || known.logStartOffset() != logStartOffset.getAsLong()
                || !known.clean().equals(clean)
                || checkpoints.bytesSince(new DurablePoint(last.baseOffset(), last.end())) >= leastBytes;
    }

    /**
     * Forces the log, then writes a checkpoint; the next opening need not check the records before it.
     *
     * @throws StorageException one of them failed; if only the checkpoint failed, the log stays usable
     */
    @Override
    public synchronized void checkpoint() {
        checkpoint(true);
    }

    /** @param thorough also write the files that are expensive to write */
    private void checkpoint(boolean thorough) {
        force();
        if (checkpoints.isBehind(durable, clean)) {
            writeCheckpoint(thorough);
        }
    }

    @Override
    public CleanPoint clean() {
        return clean;
    }

    @Override
    public int truncations() {
        return truncations;
    }

    @Override
    public synchronized boolean compacted(CleanPoint reached, int since) {
        if (since != truncations) {
            return false;
        }
        clean = reached;
        checkpoint();
        return true;
    }

    @Override
    public long sealedTo() {
        RecoveryCheckpoint last = checkpoints.written();
        return last == null ? 0 : last.durable().segmentBase();
    }

    @Override
    public synchronized void aside(Runnable change) {
        requireUsable();
        change.run();
    }

    /**
     * The owner is about to append a record whose offset is not the log end offset. The checkpoint must contain the gap
     * first; otherwise an opening would cut the log before the record.
     */
    void expectGap(long offset) {
        if (offset > clean.gapsTo()) {
            synchronized (this) {
                clean = new CleanPoint(clean.cleanedTo(), offset + GAP_AHEAD);
                checkpoint(false);
            }
        }
    }

    /** For {@link #aside}: stores that the log is durable only up to {@code kept}, before the rest is removed. */
    synchronized void lower(DurablePoint kept) {
        truncations++;
        durable = kept;
        clean = new CleanPoint(Math.min(clean.cleanedTo(), kept.offset()), clean.gapsTo());
        checkpoints.lower(kept, clean);
    }

    /** For {@link #aside}: stores that nothing from {@code firstBase} on is durable, before all is removed. */
    synchronized void takeBack(long firstBase) {
        truncations++;
        durable = new DurablePoint(firstBase, SegmentEnd.empty(firstBase));
        clean = new CleanPoint(0, clean.gapsTo());
        checkpoints.takeBack(firstBase, clean);
    }

    /** For {@link #aside}: the log continues in an empty segment. */
    synchronized void startAnew(long base) {
        durable = new DurablePoint(base, SegmentEnd.empty(base));
        clean = CleanPoint.NONE;
        checkpoints.write(durable, clean, null);
    }

    boolean isClosed() {
        return closed;
    }

    /** After the call no thread accesses the files. */
    synchronized void close(Runnable release) {
        if (!closed) {
            closed = true;
            release.run();
        }
    }

    private void force() {
        requireUsable();
        List<Segment> now = segments.all();
        if (now.isEmpty()) {
            return;
        }
        Segment last = now.get(now.size() - 1);
        DurablePoint reached = new DurablePoint(last.baseOffset(), last.end());
        try {
            directory.force();
            for (Segment segment : now) {
                if (segment.end().nextOffset() > durable.offset()) {
                    forceUnlessRetired(segment);
                }
            }
        } catch (StorageException e) {
            fail(e);
            throw e;
        }
        durable = reached;
    }

    private void writeCheckpoint(boolean thorough) {
        Snapshot snapshot = producers.takeSnapshot(thorough);
        if (snapshot != null && snapshot.endOffset() > durable.offset()) {
            force();
        }
        checkpoints.write(durable, clean, snapshot);
    }

    private void forceUnlessRetired(Segment segment) {
        DurablePoint before = durable;
        try {
            segment.file().force();
            SegmentEnd known = segment.baseOffset() == before.segmentBase() ? before.end() : SegmentEnd.empty(0);
            segment.end().requireIn(segment.file(), known);
        } catch (SegmentRetiredException e) {
            return;
        }
    }
}
