package io.aeon.storage.log;

import io.aeon.storage.compaction.CleanPoint;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.producer.ProducerStates.Snapshot;
import io.aeon.storage.recovery.RecoveryCheckpoint;
import io.aeon.storage.segment.DurablePoint;
import io.aeon.storage.segment.IndexFiles;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentEnd;
import io.aeon.storage.segment.Segments;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes the checkpoint on which the next opening of a log relies. One thread at a time writes, any thread reads. */
final class CheckpointWriter {
    /** For index files that the next opening must rebuild. */
    private static final IndexFiles.Checksums NO_INDEXES = new IndexFiles.Checksums(-1, -1);

    private final Segments segments;
    private final LogDirectory directory;
    private final LeaderEpochs epochs;
    private final LogProducers producers;
    private final LogFiles files;
    private final LongSupplier logStartOffset;
    private volatile @Nullable RecoveryCheckpoint written;

    /** @param written the checkpoint on the disk, null if the next one must be written even if nothing has changed */
    CheckpointWriter(
            Segments segments,
            LogDirectory directory,
            LeaderEpochs epochs,
            LogProducers producers,
            LogFiles files,
            LongSupplier logStartOffset,
            @Nullable RecoveryCheckpoint written) {
        this.segments = segments;
        this.directory = directory;
        this.epochs = epochs;
        this.producers = producers;
        this.files = files;
        this.logStartOffset = logStartOffset;
        this.written = written;
    }

    /** The last written checkpoint, null if there is none. */
    @Nullable
    RecoveryCheckpoint written() {
        return written;
    }

    /** Whether the last written checkpoint differs from these values or lacks the indexes. */
    boolean isBehind(DurablePoint durable, CleanPoint clean) {
        RecoveryCheckpoint last = written;
        return last == null
                || !last.durable().equals(durable)
                || !last.clean().equals(clean)
                || last.indexes().equals(NO_INDEXES)
                || last.logStartOffset() != logStartOffset.getAsLong();
    }

    /** Bytes from the last checkpoint to {@code there}; {@link Long#MAX_VALUE} if they are in different segments. */
    long bytesSince(DurablePoint there) {
        RecoveryCheckpoint last = written;
        return last == null || last.durable().segmentBase() != there.segmentBase()
                ? Long.MAX_VALUE
                : there.end().position() - last.durable().end().position();
    }

    /** @param snapshot the producer states at or before {@code durable}, null if the last written ones suffice */
    void write(DurablePoint durable, CleanPoint clean, @Nullable Snapshot snapshot) {
        Segment active = sealBefore(durable);
        if (active != null) {
            write(durable, clean, snapshot, active.checkpoint(durable.end()));
        }
    }

    /**
     * Writes that the log is durable only up to {@code kept}. The index files stay as they are: until the checkpoint is
     * lowered, their segment may be a sealed one, and an opening believes those of a sealed segment unseen.
     */
    void lower(DurablePoint kept, CleanPoint clean) {
        if (sealBefore(kept) != null) {
            write(kept, clean, null, NO_INDEXES);
        }
    }

    /** Seals the segments before the one that contains {@code durable}; returns that one, null if it was removed. */
    private @Nullable Segment sealBefore(DurablePoint durable) {
        Segment active = null;
        for (Segment segment : segments.all()) {
            if (segment.baseOffset() == durable.segmentBase()) {
                active = segment;
            } else if (segment.baseOffset() < durable.segmentBase() && !segment.isSealed()) {
                segment.seal();
            }
        }
        return active;
    }

    private void write(
            DurablePoint durable, CleanPoint clean, @Nullable Snapshot snapshot, IndexFiles.Checksums indexes) {
        int epochsChecksum = epochs.write();
        RecoveryCheckpoint before = written;
        RecoveryCheckpoint next = new RecoveryCheckpoint(
                logStartOffset.getAsLong(),
                durable,
                indexes,
                epochsChecksum,
                clean,
                producers.checkpoint(durable, snapshot));
        put(next);
        deleteUnneededSnapshot(before, next);
    }

    /** Writes that nothing is durable: the next opening checks the segments from {@code firstBase} on. */
    void takeBack(long firstBase, CleanPoint clean) {
        DurablePoint nothing = new DurablePoint(firstBase, SegmentEnd.empty(firstBase));
        put(new RecoveryCheckpoint(logStartOffset.getAsLong(), nothing, NO_INDEXES, epochs.write(), clean, null));
    }

    private void put(RecoveryCheckpoint next) {
        next.write(directory.path(), files);
        directory.changed();
        directory.force();
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
}
