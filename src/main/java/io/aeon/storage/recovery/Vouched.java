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
 * What may be taken for durable without a look: by the last checkpoint, by Kafka's sign of a stop in order, or nothing.
 * Not thread-safe.
 */
final class Vouched {
    /** Kafka puts this file beside its partitions when it stops in order. */
    private static final String KAFKA_CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    /** In no segment. */
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

    /** Null if there is none that can be read. */
    @Nullable
    RecoveryCheckpoint checkpoint() {
        return checkpoint;
    }

    /** Whether there was a checkpoint, which does not tell any more how far this log was durable. */
    boolean isLost() {
        return lost;
    }

    boolean believes(LeaderEpochs stored) {
        return checkpoint == null || checkpoint.epochs() == stored.checksum();
    }

    long logStartOffset() {
        return checkpoint == null ? 0 : checkpoint.logStartOffset();
    }

    /** In no segment and at offset 0 if nothing is known. */
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

    /** Below it offsets may be missing because later records had their keys; without a checkpoint anywhere. */
    long gapsTo() {
        return checkpoint == null ? Long.MAX_VALUE : checkpoint.clean().gapsTo();
    }

    /** Retention takes it away only after all segments before it, when a later one has taken its place. */
    boolean durableSegmentIsAmong(long[] bases) {
        return durable().end().position() == 0
                || Arrays.binarySearch(bases, durable().segmentBase()) >= 0
                || (bases.length > 0 && bases[0] >= durable().offset());
    }

    /** Index of the first segment that is not durable as a whole, the last one at most. */
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

    /** Bytes of the segment that are durable, 0 if it lies elsewhere than the end of what is. */
    int durableBytes(long base) {
        return base == durable().segmentBase() ? durable().end().position() : 0;
    }

    /** Offset after the durable records, seen from the segment in which the look at the others begins. */
    long endSeenFrom(long firstCheckedBase) {
        return firstCheckedBase == durable().segmentBase() ? durable().offset() : firstCheckedBase;
    }

    /** Has the segment skip what is durable of it; if that is not there nothing is known any more. */
    void vouchFor(SegmentRecovery segment, long base) {
        if (checkpoint != null && base == checkpoint.durable().segmentBase() && !segment.trust(checkpoint)) {
            lost = true;
        }
    }

    /** Only what is known never to have been durable; Kafka, which leaves no word of it, cuts its last segment. */
    boolean mayCut(long[] bases, int at) {
        return !lost && (checkpoint != null || at == bases.length - 1);
    }
}
