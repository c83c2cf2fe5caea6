package io.aeon.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out at opening what a log's directory holds. What the checkpoint vouches for is taken as it is; everything after
 * it is checked batch by batch and cut at the first that is not whole. Doing it twice does no more than once.
 */
final class LogRecovery {
    /** Kafka puts this file beside its partitions when it stops in order. */
    private static final String KAFKA_CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    private final LogDirectory directory;
    private final LogConfig config;
    private final LogEnvironment environment;
    private final @Nullable RecoveryCheckpoint checkpoint;
    private final List<Segment> segments = new ArrayList<>();
    private final LeaderEpochs epochs;
    private final boolean epochsKnown;
    private boolean indexesLost;
    private long scannedBytes;
    private long cutBytes;
    private @Nullable String cutReason;

    LogRecovery(LogDirectory directory, LogConfig config, LogEnvironment environment) {
        this.directory = directory;
        this.config = config;
        this.environment = environment;
        this.checkpoint = RecoveryCheckpoint.read(directory.path(), environment.files());
        LeaderEpochs stored = LeaderEpochs.read(directory.path(), environment.files());
        this.epochsKnown = stored != null;
        this.epochs = stored != null ? stored : LeaderEpochs.empty(directory.path(), environment.files());
    }

    /** What is open now; {@code checkpoint} is null when the next one must be written whatever it says. */
    record Recovered(
            List<Segment> segments,
            LeaderEpochs epochs,
            long logStartOffset,
            DurablePoint durable,
            @Nullable RecoveryCheckpoint checkpoint,
            Recovery report) {}

    Recovered recover() {
        long[] bases = SegmentNames.baseOffsets(directory.listAndClean());
        long startOffset = checkpoint == null ? 0 : checkpoint.logStartOffset();
        if (bases.length == 0) {
            return withoutSegments(startOffset);
        }
        int firstChecked = firstChecked(bases);
        for (int i = 0; i < firstChecked; i++) {
            segments.add(sealed(bases[i], bases[i + 1]));
        }
        if (!epochsKnown) {
            segments.forEach(segment -> walkEpochs(segment.file(), segment.size()));
        }
        epochs.truncateFromEnd(trustedEnd(bases[firstChecked]));
        check(bases, firstChecked);
        Segment last = segments.get(segments.size() - 1);
        long logStart = Math.max(startOffset, bases[0]);
        epochs.truncateFromEnd(last.end().nextOffset());
        epochs.truncateFromStart(logStart);
        return new Recovered(
                segments,
                epochs,
                Math.min(logStart, last.end().nextOffset()),
                durable(last),
                indexesLost ? null : checkpoint,
                new Recovery(scannedBytes, cutBytes, Optional.ofNullable(cutReason)));
    }

    /** Index of the first segment that the checkpoint, or Kafka's sign of a clean stop, does not cover as a whole. */
    private int firstChecked(long[] bases) {
        int last = bases.length - 1;
        if (checkpoint == null) {
            boolean clean =
                    environment.files().exists(directory.path().toAbsolutePath().resolveSibling(KAFKA_CLEAN_SHUTDOWN));
            return clean ? last : 0;
        }
        long durableBase = checkpoint.durable().segmentBase();
        int first = 0;
        while (first < last && bases[first] < durableBase) {
            first++;
        }
        if (bases[first] < durableBase && checkpoint.durable().end().position() > 0) {
            throw new StorageException(SegmentNames.log(directory.path(), durableBase) + " is missing");
        }
        return first;
    }

    private long trustedEnd(long firstCheckedBase) {
        return checkpoint != null && checkpoint.durable().segmentBase() == firstCheckedBase
                ? checkpoint.durable().offset()
                : firstCheckedBase;
    }

    private void check(long[] bases, int firstChecked) {
        for (int i = firstChecked; i < bases.length; i++) {
            SegmentRecovery recovery = new SegmentRecovery(directory.path(), bases[i], config, environment);
            if (checkpoint != null && bases[i] == checkpoint.durable().segmentBase()) {
                recovery.trust(checkpoint);
            }
            if (!epochsKnown) {
                walkEpochs(recovery.file(), recovery.end().position());
            }
            indexesLost |= recovery.indexesLost();
            int trusted = recovery.end().position();
            recovery.scan(checkpoint != null, epochs);
            recovery.distrust(trusted);
            scannedBytes += recovery.end().position() - trusted;
            boolean last = i == bases.length - 1;
            String damage = recovery.damage();
            if (damage == null && !last && follows(bases[i + 1], recovery.end().nextOffset())) {
                segments.add(recovery.segment());
                continue;
            }
            if (!last && damage == null) {
                damage = "the next segment begins at " + bases[i + 1] + " instead of "
                        + recovery.end().nextOffset();
            }
            if (damage != null) {
                cut(recovery, damage, bases, i);
            }
            segments.add(recovery.segment());
            return;
        }
    }

    private boolean follows(long nextBase, long nextOffset) {
        return checkpoint != null ? nextBase == nextOffset : nextBase >= nextOffset;
    }

    private void cut(SegmentRecovery recovery, String damage, long[] bases, int at) {
        String place = SegmentNames.log(directory.path(), bases[at]) + " at "
                + recovery.end().position() + ": " + damage;
        if (checkpoint == null && at < bases.length - 1) {
            throw new StorageException(
                    "nothing says how far this log was durable, and it is damaged inside, in " + place);
        }
        cutReason = place;
        cutBytes = recovery.bytesBehind();
        recovery.cut();
        for (int i = at + 1; i < bases.length; i++) {
            cutBytes += file(bases[i]).size();
            directory.discard(bases[i], environment.clock().millis() + config.fileDeleteDelayMs());
        }
    }

    private Segment sealed(long base, long nextBase) {
        int size = Math.toIntExact(file(base).size());
        return Segment.sealed(directory.path(), base, size, nextBase, environment);
    }

    private SegmentFile file(long base) {
        return new SegmentFile(SegmentNames.log(directory.path(), base), environment.files(), environment.maps());
    }

    private void walkEpochs(SegmentFile file, int size) {
        HeaderCursor cursor = new HeaderCursor(file, size);
        for (boolean found = cursor.moveTo(0); found; found = cursor.next()) {
            epochs.assign(cursor.leaderEpoch(), cursor.baseOffset());
        }
    }

    /** What was scanned may be in the page cache only; it counts as durable once the first flush has forced it. */
    private DurablePoint durable(Segment last) {
        if (checkpoint != null && scannedBytes == 0 && checkpoint.durable().segmentBase() == last.baseOffset()) {
            return checkpoint.durable();
        }
        long from = checkpoint == null ? 0 : checkpoint.durable().offset();
        return new DurablePoint(
                segments.get(0).baseOffset(),
                SegmentEnd.empty(Math.min(from, last.end().nextOffset())));
    }

    private Recovered withoutSegments(long startOffset) {
        if (checkpoint != null && checkpoint.durable().end().position() > 0) {
            throw new StorageException(
                    SegmentNames.log(directory.path(), checkpoint.durable().segmentBase()) + " is missing");
        }
        long next = checkpoint == null
                ? 0
                : Math.max(startOffset, checkpoint.durable().offset());
        return new Recovered(
                segments,
                epochs,
                next,
                new DurablePoint(next, SegmentEnd.empty(next)),
                checkpoint,
                Recovery.NOTHING_TO_DO);
    }
}
