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
import io.aeon.storage.segment.IndexFiles;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentEnd;
import io.aeon.storage.segment.Segments;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What of one log is on the disk, and the one place that forces it there. After a failed write or fsync nothing can be
 * said any more of what the disk holds, so the first failure is final. Thread-safe; an append waits for it once an
 * opening at most, before the second segment.
 */
final class LogSync implements CleanState {
    private final Segments segments;
    private final LogDirectory directory;
    private final LeaderEpochs epochs;
    private final LogProducers producers;
    private final LogFiles files;
    private final LongSupplier logStartOffset;
    private volatile DurablePoint durable;
    private volatile @Nullable StorageException failure;
    private volatile @Nullable RecoveryCheckpoint written;
    private volatile CleanPoint clean;
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
        this.epochs = epochs;
        this.producers = producers;
        this.files = files;
        this.logStartOffset = logStartOffset;
        this.durable = recovered.durable();
        this.clean = recovered.clean();
        this.written = recovered.checkpoint();
    }

    long durableOffset() {
        return durable.offset();
    }

    /** @see PartitionLog#hasUnflushedRoll */
    boolean hasUnflushedRoll() {
        Segment last = segments.last();
        return last != null && last.baseOffset() > durable.segmentBase();
    }

    /** The log takes nothing more until it is opened again. */
    void fail(StorageException cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    void throwIfFailed() {
        StorageException cause = failure;
        if (cause != null) {
            throw new StorageException("the log failed earlier: " + cause.getMessage(), cause);
        }
    }

    boolean hasFailed() {
        return failure != null;
    }

    /**
     * Forces all that was appended before the call. Now and then a checkpoint follows; if that fails nothing is lost but
     * time at the next opening, and {@link #checkpoint} will tell.
     */
    synchronized long flush() {
        force();
        if (checkpointDue()) {
            checkpointIfPossible(false);
        }
        return durable.offset();
    }

    /** {@link #checkpoint} when it is a matter of the next opening's time only. */
    synchronized void checkpointIfPossible(boolean thorough) {
        try {
            checkpoint(thorough);
        } catch (StorageException e) {
            throwIfFailed();
        }
    }

    /**
     * A log gets its second segment only with a checkpoint: without one, nobody could know after a power cut that what is
     * damaged in the first was never durable.
     *
     * @throws StorageException there is none yet, and it cannot be written
     */
    void beforeRoll() {
        if (written == null) {
            synchronized (this) {
                checkpoint(false);
            }
        }
    }

    private boolean checkpointDue() {
        return sinceCheckpoint(durable) >= PartitionLog.CHECKPOINT_BYTES;
    }

    /** @see PartitionLog#checkpoint */
    void checkpointIfLacking(long leastBytes) {
        throwIfFailed();
        Segment last = segments.last();
        if (last != null && isCheckpointLacking(last, leastBytes)) {
            checkpointIfPossible(true);
        }
    }

    private boolean isCheckpointLacking(Segment last, long leastBytes) {
        RecoveryCheckpoint known = written;
        if (known == null && segments.all().size() == 1) {
            return last.end().position() >= leastBytes;
        }
        return known == null
                || known.logStartOffset() != logStartOffset.getAsLong()
                || !known.clean().equals(clean)
                || sinceCheckpoint(new DurablePoint(last.baseOffset(), last.end())) >= leastBytes;
    }

    /** Bytes from the last checkpoint to there, more than any where it is not in that segment. */
    private long sinceCheckpoint(DurablePoint there) {
        RecoveryCheckpoint last = written;
        return last == null || last.durable().segmentBase() != there.segmentBase()
                ? Long.MAX_VALUE
                : there.end().position() - last.durable().end().position();
    }

    /**
     * Forces, then writes down how far; the next opening need not scan what lies before.
     *
     * @throws StorageException either failed; when it was only the writing down, the log goes on
     */
    @Override
    public synchronized void checkpoint() {
        checkpoint(true);
    }

    /** @param thorough also with what is dear to write */
    private void checkpoint(boolean thorough) {
        force();
        RecoveryCheckpoint last = written;
        if (last == null
                || !last.durable().equals(durable)
                || !last.clean().equals(clean)
                || last.logStartOffset() != logStartOffset.getAsLong()) {
            writeCheckpoint(thorough);
        }
    }

    @Override
    public CleanPoint clean() {
        return clean;
    }

    @Override
    public synchronized void compacted(CleanPoint reached) {
        clean = reached;
        checkpoint();
    }

    @Override
    public long sealedTo() {
        RecoveryCheckpoint last = written;
        return last == null ? 0 : last.durable().segmentBase();
    }

    @Override
    public synchronized void aside(Runnable change) {
        throwIfFailed();
        change.run();
    }

    boolean isClosed() {
        return closed;
    }

    /** After this no thread touches the files any more. */
    synchronized void close(Runnable release) {
        if (!closed) {
            closed = true;
            release.run();
        }
    }

    private void force() {
        throwIfFailed();
        if (closed) {
            throw new StorageException(directory.path() + " is closed");
        }
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
        Segment active = null;
        for (Segment segment : segments.all()) {
            if (segment.baseOffset() == durable.segmentBase()) {
                active = segment;
            } else if (segment.baseOffset() < durable.segmentBase() && !segment.isSealed()) {
                segment.seal();
            }
        }
        if (active == null) {
            return;
        }
        int epochsChecksum = epochs.write();
        IndexFiles.Checksums indexes = active.checkpoint(durable.end());
        RecoveryCheckpoint next = new RecoveryCheckpoint(
                logStartOffset.getAsLong(),
                durable,
                indexes,
                epochsChecksum,
                clean,
                producers.checkpoint(durable, snapshot));
        next.write(directory.path(), files);
        directory.changed();
        directory.force();
        deleteUnneededSnapshot(written, next);
        written = next;
    }

    private void deleteUnneededSnapshot(@Nullable RecoveryCheckpoint before, RecoveryCheckpoint now) {
        if (before == null || before.producers() == null || now.producers() == null) {
            return;
        }
        long offset = before.producers().snapshotOffset();
        boolean ofSegment = segments.all().stream().anyMatch(segment -> segment.baseOffset() == offset);
        if (offset != now.producers().snapshotOffset() && !ofSegment) {
            producers.deleteSnapshot(offset);
        }
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
