package io.aeon.storage.recovery;

import io.aeon.storage.compaction.CleanPoint;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.producer.ProducerCheckpoint;
import io.aeon.storage.segment.DurablePoint;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.SegmentEnd;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The records that count as durable without a check: by the last checkpoint, by the file that Kafka writes at a clean
 * stop, or none. Not thread-safe.
 */
final class Vouched {
    /** Kafka writes this file to its data directory at a clean stop. */
    private static final String KAFKA_CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    /** A point in no segment. */
    private static final DurablePoint NOTHING = new DurablePoint(-1, SegmentEnd.empty(0));

    private final @Nullable RecoveryCheckpoint checkpoint;
    private final boolean stoppedInOrder;
    private boolean lost;

    private Vouched(@Nullable RecoveryCheckpoint checkpoint, boolean lost, boolean stoppedInOrder) {
        this.checkpoint = checkpoint;
        this.lost = lost;
        this.stoppedInOrder = stoppedInOrder;
    }

    static Vouched read(Path directory, LogFiles files) {
        RecoveryCheckpoint checkpoint = RecoveryCheckpoint.read(directory, files);
        if (checkpoint != null) {
            return new Vouched(checkpoint, false, false);
        }
        boolean lost = RecoveryCheckpoint.exists(directory, files);
        Path cleanStop = directory.toAbsolutePath().resolveSibling(KAFKA_CLEAN_SHUTDOWN);
        return new Vouched(null, lost, !lost && files.exists(cleanStop));
    }

    /** The checkpoint, null if none can be read. */
    @Nullable
    RecoveryCheckpoint checkpoint() {
        return checkpoint;
    }

    /** Whether a checkpoint existed, but does not show any more which records are durable. */
    boolean isLost() {
        return lost;
    }

    boolean believes(LeaderEpochs stored) {
        return checkpoint == null || checkpoint.epochs() == stored.checksum();
    }

    long logStartOffset() {
        return checkpoint == null ? 0 : checkpoint.logStartOffset();
    }

    /** The durable point of the checkpoint; a point in no segment with offset 0 if there is no checkpoint. */
    DurablePoint durable() {
        return checkpoint == null ? NOTHING : checkpoint.durable();
    }

    CleanPoint clean() {
        return checkpoint == null ? CleanPoint.NONE : checkpoint.clean();
    }

    @Nullable
    ProducerCheckpoint producers() {
        return checkpoint == null ? null : checkpoint.producers();
    }

    /** Below this offset, compaction may have removed records; without a checkpoint, everywhere. */
    long gapsTo() {
        return checkpoint == null ? Long.MAX_VALUE : checkpoint.clean().gapsTo();
    }

    /** Retention removes the durable segment only together with all segments before it and when a later one exists. */
    boolean durableSegmentIsAmong(long[] bases) {
        return durable().end().position() == 0
                || Arrays.binarySearch(bases, durable().segmentBase()) >= 0
                || (bases.length > 0 && bases[0] >= durable().offset());
    }

    /** Index of the first segment that is not durable as a whole, at most the last index. */
    int firstChecked(long[] bases) {
        int last = bases.length - 1;
        if (checkpoint == null) {
            return stoppedInOrder ? last : 0;
        }
        int first = 0;
        while (first < last && bases[first] < durable().segmentBase()) {
            first++;
        }
        return first;
    }

    /** Durable bytes of the segment if the durable point is in it, otherwise 0. */
    int durableBytes(long base) {
        return base == durable().segmentBase() ? durable().end().position() : 0;
    }

    /** Offset after the durable records, for the segment at which the check begins. */
    long endSeenFrom(long firstCheckedBase) {
        return firstCheckedBase == durable().segmentBase() ? durable().offset() : firstCheckedBase;
    }

    /** Makes the segment skip its durable part. If that part is missing, nothing counts as durable any more. */
    void vouchFor(SegmentRecovery segment, long base) {
        if (checkpoint != null && base == checkpoint.durable().segmentBase() && !segment.trust(checkpoint)) {
            lost = true;
        }
    }

    /** Cut only records that were never durable. Kafka keeps no durable point, so only its last segment may be cut. */
    boolean mayCut(long[] bases, int at) {
        return !lost && (checkpoint != null || at == bases.length - 1);
    }
}
