package io.aeon.storage.recovery;

import io.aeon.storage.batch.Damage;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.compaction.CleanPoint;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.segment.DurablePoint;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentConfig;
import io.aeon.storage.segment.SegmentEnd;
import io.aeon.storage.segment.SegmentNames;
import io.aeon.storage.segment.SegmentSwap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out at opening what a log's directory holds. What the checkpoint vouches for is taken as it is, once it is seen to
 * be this log's; everything after it is checked batch by batch and cut at the first that is not whole. Where the damage
 * may lie below what was durable nothing is cut or changed: the log opens up to there. Doing it twice does no more than
 * once.
 */
public final class LogRecovery {
    /** Kafka puts this file beside its partitions when it stops in order. */
    private static final String KAFKA_CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    private final LogDirectory directory;
    private final SegmentConfig config;
    private final LogEnvironment environment;
    private final @Nullable RecoveryCheckpoint checkpoint;
    private final List<Segment> segments = new ArrayList<>();
    private final LeaderEpochs epochs;
    private final boolean epochsKnown;
    private final List<String> names;
    private final ProducerRecovery producers;
    /** Whether there was a checkpoint, which does not tell any more how far this log was durable. */
    private boolean checkpointLost;

    private boolean indexesLost;
    private long scannedBytes;
    private long cutBytes;
    private @Nullable String cutReason;
    private @Nullable Damage damage;

    /** Finishes what an interrupted compaction began, and reads the checkpoint. */
    public LogRecovery(LogDirectory directory, SegmentConfig config, LogEnvironment environment) {
        this.directory = directory;
        this.config = config;
        this.environment = environment;
        new SegmentSwap(directory, environment).recover();
        LogFiles files = environment.files();
        this.checkpoint = RecoveryCheckpoint.read(directory.path(), files);
        this.checkpointLost = checkpoint == null && RecoveryCheckpoint.exists(directory.path(), files);
        LeaderEpochs stored = checkpointLost ? null : LeaderEpochs.read(directory.path(), files);
        this.epochsKnown = stored != null && (checkpoint == null || checkpoint.epochs() == stored.checksum());
        this.epochs = stored != null && epochsKnown ? stored : LeaderEpochs.empty(directory.path(), files);
        this.names = directory.list();
        this.producers = new ProducerRecovery(directory.path(), files, names);
    }

    /** What is open now; {@code checkpoint} is null when the next one must be written whatever it says. */
    public record Recovered(
            List<Segment> segments,
            LeaderEpochs epochs,
            LogProducers producers,
            long logStartOffset,
            DurablePoint durable,
            CleanPoint clean,
            @Nullable RecoveryCheckpoint checkpoint,
            Recovery report) {}

    /** @throws io.aeon.storage.file.StorageException the files cannot be read or cut; nothing stays open */
    public Recovered recover() {
        try {
            return recoverOpening();
        } catch (RuntimeException e) {
            segments.forEach(segment -> segment.file().retire());
            throw e;
        }
    }

    private Recovered recoverOpening() {
        long[] bases = SegmentNames.baseOffsets(names);
        long startOffset = checkpoint == null ? 0 : checkpoint.logStartOffset();
        if (!durableSegmentIsThere(bases)) {
            damage = withoutDurableSegment(bases);
            startProducers(bases, segments.size(), damage.offset());
        } else if (bases.length > 0) {
            checkFrom(firstChecked(bases), bases);
        }
        if (damage != null) {
            return quarantined(damage, Math.max(startOffset, bases.length == 0 ? 0 : bases[0]));
        }
        directory.clean(names);
        producers.clean(bases);
        if (bases.length == 0) {
            return withoutSegments(startOffset);
        }
        Segment last = segments.get(segments.size() - 1);
        long logStart = Math.max(startOffset, bases[0]);
        epochs.truncateFromEnd(last.end().nextOffset());
        epochs.truncateFromStart(logStart);
        return new Recovered(
                segments,
                epochs,
                producers.found(),
                Math.min(logStart, last.end().nextOffset()),
                durable(last),
                clean(),
                indexesLost || !epochsKnown || checkpointLost || producers.filesLost() ? null : checkpoint,
                report());
    }

    private Recovery report() {
        return new Recovery(scannedBytes, cutBytes, Optional.ofNullable(cutReason), Optional.ofNullable(damage));
    }

    /** Retention takes it away only after all segments before it, when a later one has taken its place. */
    private boolean durableSegmentIsThere(long[] bases) {
        if (checkpoint == null || checkpoint.durable().end().position() == 0) {
            return true;
        }
        return Arrays.binarySearch(bases, checkpoint.durable().segmentBase()) >= 0
                || (bases.length > 0 && bases[0] >= checkpoint.durable().offset());
    }

    private Damage withoutDurableSegment(long[] bases) {
        long missing = Objects.requireNonNull(checkpoint).durable().segmentBase();
        for (int i = 0; i < bases.length && bases[i] < missing; i++) {
            boolean isLast = i + 1 == bases.length || bases[i + 1] > missing;
            segments.add(sealed(bases[i], isLast ? missing : bases[i + 1]));
        }
        return new Damage(SegmentNames.log(directory.path(), missing), 0, missing, "the file is missing");
    }

    /** Index of the first segment that the checkpoint, or Kafka's sign of a clean stop, does not cover as a whole. */
    private int firstChecked(long[] bases) {
        int last = bases.length - 1;
        if (checkpoint == null) {
            Path cleanStop = directory.path().toAbsolutePath().resolveSibling(KAFKA_CLEAN_SHUTDOWN);
            return !checkpointLost && environment.files().exists(cleanStop) ? last : 0;
        }
        int first = 0;
        while (first < last && bases[first] < checkpoint.durable().segmentBase()) {
            first++;
        }
        return first;
    }

    private void checkFrom(int firstChecked, long[] bases) {
        for (int i = 0; i < firstChecked; i++) {
            segments.add(sealed(bases[i], bases[i + 1]));
        }
        if (!epochsKnown) {
            segments.forEach(segment -> walkEpochs(segment.file(), segment.size()));
        }
        startProducers(bases, firstChecked, trustedEnd(bases[firstChecked]));
        for (int i = firstChecked; i < bases.length && damage == null && cutReason == null; i++) {
            check(bases, i);
        }
    }

    private long trustedEnd(long firstCheckedBase) {
        return checkpoint != null && checkpoint.durable().segmentBase() == firstCheckedBase
                ? checkpoint.durable().offset()
                : firstCheckedBase;
    }

    private void startProducers(long[] bases, int trustedSegments, long trustedEnd) {
        producers.start(checkpoint == null ? null : checkpoint.producers(), bases, trustedSegments, trustedEnd);
        segments.forEach(producers::walk);
    }

    private void check(long[] bases, int at) {
        SegmentRecovery recovery = new SegmentRecovery(directory.path(), bases[at], config, environment);
        try {
            check(recovery, bases, at);
        } finally {
            recovery.file().retire();
        }
    }

    private void check(SegmentRecovery recovery, long[] bases, int at) {
        if (checkpoint != null && bases[at] == checkpoint.durable().segmentBase() && !recovery.trust(checkpoint)) {
            checkpointLost = true;
        }
        int trusted = recovery.end().position();
        indexesLost |= recovery.indexesLost();
        epochs.truncateFromEnd(recovery.end().nextOffset());
        if (!epochsKnown) {
            walkEpochs(recovery.file(), trusted);
        }
        recovery.walk(producers);
        recovery.scan(gapsTo(), epochs, producers);
        scannedBytes += recovery.end().position() - trusted;
        String wrong = wrong(recovery, bases, at);
        if (wrong != null && mayCut(bases, at)) {
            cut(recovery, wrong, bases, at);
        } else if (wrong != null) {
            damage = new Damage(
                    recovery.file().path(),
                    recovery.end().position(),
                    recovery.end().nextOffset(),
                    wrong);
        }
        if (damage == null) {
            recovery.distrust(trusted);
        }
        segments.add(recovery.segment(trusted, epochs));
    }

    private @Nullable String wrong(SegmentRecovery recovery, long[] bases, int at) {
        SegmentEnd end = recovery.end();
        if (recovery.damage() != null) {
            return recovery.damage();
        }
        if (checkpoint != null && bases[at] == checkpoint.durable().segmentBase()) {
            int durable = checkpoint.durable().end().position();
            if (end.position() < durable) {
                return "the file ends here, " + durable + " bytes were durable";
            }
        }
        if (at < bases.length - 1 && !follows(bases[at + 1], end.nextOffset())) {
            return "the next segment begins at " + bases[at + 1] + " instead of " + end.nextOffset();
        }
        return null;
    }

    private boolean follows(long nextBase, long nextOffset) {
        return nextBase == nextOffset || (nextBase > nextOffset && nextBase <= gapsTo());
    }

    /** Below it offsets may be missing because later records had their keys; without a checkpoint anywhere. */
    private long gapsTo() {
        return checkpoint == null ? Long.MAX_VALUE : checkpoint.clean().gapsTo();
    }

    /** Only what is known never to have been durable; Kafka, which leaves no word of it, cuts its last segment. */
    private boolean mayCut(long[] bases, int at) {
        return !checkpointLost && (checkpoint != null || at == bases.length - 1);
    }

    private void cut(SegmentRecovery recovery, String wrong, long[] bases, int at) {
        cutReason = recovery.file().path() + " at " + recovery.end().position() + ": " + wrong;
        cutBytes = recovery.bytesBehind();
        recovery.cut();
        for (int i = at + 1; i < bases.length; i++) {
            cutBytes += file(bases[i]).size();
            directory.discard(bases[i], environment.clock().millis() + config.fileDeleteDelayMs());
        }
    }

    private Segment sealed(long base, long nextBase) {
        int size = Math.toIntExact(file(base).size());
        return Segment.sealed(directory.path(), base, size, nextBase, epochs, environment);
    }

    private SegmentFile file(long base) {
        return new SegmentFile(SegmentNames.log(directory.path(), base), environment.files(), environment.maps());
    }

    /** As far as the headers can be followed: what is damaged is found out by whoever reads it. */
    private void walkEpochs(SegmentFile file, int size) {
        HeaderCursor cursor = new HeaderCursor(file, size);
        try {
            for (boolean found = cursor.moveTo(0); found; found = cursor.next()) {
                epochs.assign(cursor.leaderEpoch(), cursor.baseOffset());
            }
        } catch (DamagedLogException e) {
            return;
        }
    }

    /** What was scanned may be in the page cache only; it counts as durable once the first flush has forced it. */
    private DurablePoint durable(Segment last) {
        if (checkpoint != null && scannedBytes == 0 && checkpoint.durable().segmentBase() == last.baseOffset()) {
            return checkpoint.durable();
        }
        long from =
                checkpoint == null || checkpointLost ? 0 : checkpoint.durable().offset();
        return new DurablePoint(
                segments.get(0).baseOffset(),
                SegmentEnd.empty(Math.min(from, last.end().nextOffset())));
    }

    private CleanPoint clean() {
        return checkpoint == null ? CleanPoint.NONE : checkpoint.clean();
    }

    /** What lies before the damage, if anything that readers may ask for. */
    private Recovered quarantined(Damage found, long logStart) {
        damage = new Damage(found.file(), found.position(), Math.max(found.offset(), logStart), found.reason());
        if (found.offset() <= logStart) {
            segments.clear();
        }
        long end = damage.offset();
        epochs.truncateFromEnd(end);
        epochs.truncateFromStart(Math.min(logStart, end));
        // At least what is damaged was there: whoever reads on from the damage must not take it for the end.
        long wasDurable = checkpoint == null ? 0 : checkpoint.durable().offset();
        DurablePoint durable = new DurablePoint(end, SegmentEnd.empty(Math.max(end + 1, wasDurable)));
        return new Recovered(segments, epochs, producers.found(), logStart, durable, clean(), checkpoint, report());
    }

    private Recovered withoutSegments(long startOffset) {
        long next = checkpoint == null
                ? 0
                : Math.max(startOffset, checkpoint.durable().offset());
        startProducers(new long[0], 0, next);
        return new Recovered(
                segments,
                epochs,
                producers.found(),
                next,
                new DurablePoint(next, SegmentEnd.empty(next)),
                clean(),
                checkpoint,
                Recovery.NOTHING_TO_DO);
    }
}
