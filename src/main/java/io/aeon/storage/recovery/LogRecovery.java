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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Determines the contents of a log's directory at an opening. Records that the checkpoint declares durable are not
 * checked, after a test that they belong to this checkpoint. All later records are checked batch by batch, and the log
 * is cut at the first invalid batch. If durable records may be damaged, nothing is cut or changed, and the log opens up
 * to the damage. A second recovery changes nothing.
 */
public final class LogRecovery {
    private final LogDirectory directory;
    private final SegmentConfig config;
    private final LogEnvironment environment;
    private final Vouched vouched;
    private final List<Segment> segments = new ArrayList<>();
    private final LeaderEpochs epochs;
    private final boolean epochsKnown;
    private final List<String> names;
    private final ProducerRecovery producers;
    private boolean indexesLost;
    private long scannedBytes;
    private long cutBytes;
    private @Nullable String cutReason;
    private @Nullable Damage damage;

    /** Completes an interrupted compaction, and reads the checkpoint. */
    public LogRecovery(LogDirectory directory, SegmentConfig config, LogEnvironment environment) {
        this.directory = directory;
        this.config = config;
        this.environment = environment;
        new SegmentSwap(directory, environment).recover();
        LogFiles files = environment.files();
        this.vouched = Vouched.read(directory.path(), files);
        LeaderEpochs stored = vouched.isLost() ? null : LeaderEpochs.read(directory.path(), files);
        this.epochsKnown = stored != null && vouched.believes(stored);
        this.epochs = stored != null && epochsKnown ? stored : LeaderEpochs.empty(directory.path(), files);
        this.names = directory.list();
        this.producers = new ProducerRecovery(directory.path(), files, SegmentNames.snapshotOffsets(names));
    }

    /** The opened log; {@code checkpoint} is null if the next one must be written even if nothing has changed. */
    public record Recovered(
            List<Segment> segments,
            LeaderEpochs epochs,
            LogProducers producers,
            long logStartOffset,
            DurablePoint durable,
            CleanPoint clean,
            @Nullable RecoveryCheckpoint checkpoint,
            Recovery report) {}

    /** @throws io.aeon.storage.file.StorageException the files cannot be read or cut; all files are closed again */
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
        long startOffset = vouched.logStartOffset();
        if (!vouched.durableSegmentIsAmong(bases)) {
            damage = withoutDurableSegment(bases);
            startProducers(bases, segments.size(), damage.offset());
        } else if (bases.length > 0) {
            checkFrom(vouched.firstChecked(bases), bases);
        }
        if (damage != null) {
            return quarantined(damage, Math.max(startOffset, bases.length == 0 ? 0 : bases[0]));
        }
        directory.clean(names);
        producers.clean(bases, names);
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
                vouched.clean(),
                indexesLost || !epochsKnown || vouched.isLost() || producers.filesLost() ? null : vouched.checkpoint(),
                report());
    }

    private Recovery report() {
        return new Recovery(scannedBytes, cutBytes, Optional.ofNullable(cutReason), Optional.ofNullable(damage));
    }

    private Damage withoutDurableSegment(long[] bases) {
        long missing = vouched.durable().segmentBase();
        for (int i = 0; i < bases.length && bases[i] < missing; i++) {
            boolean isLast = i + 1 == bases.length || bases[i + 1] > missing;
            segments.add(sealed(bases[i], isLast ? missing : bases[i + 1]));
        }
        return new Damage(SegmentNames.log(directory.path(), missing), 0, missing, "the file is missing");
    }

    private void checkFrom(int firstChecked, long[] bases) {
        for (int i = 0; i < firstChecked; i++) {
            segments.add(sealed(bases[i], bases[i + 1]));
        }
        if (!epochsKnown) {
            segments.forEach(segment -> walkEpochs(segment.file(), segment.size()));
        }
        startProducers(bases, firstChecked, vouched.endSeenFrom(bases[firstChecked]));
        for (int i = firstChecked; i < bases.length && damage == null && cutReason == null; i++) {
            check(bases, i);
        }
    }

    private void startProducers(long[] bases, int trustedSegments, long trustedEnd) {
        producers.start(vouched.producers(), bases, trustedSegments, trustedEnd);
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
        vouched.vouchFor(recovery, bases[at]);
        int trusted = recovery.end().position();
        indexesLost |= recovery.indexesLost();
        epochs.truncateFromEnd(recovery.end().nextOffset());
        if (!epochsKnown) {
            walkEpochs(recovery.file(), trusted);
        }
        recovery.walk(producers);
        recovery.scan(vouched.gapsTo(), epochs, producers);
        scannedBytes += recovery.end().position() - trusted;
        String wrong = wrong(recovery, bases, at);
        if (wrong != null && vouched.mayCut(bases, at)) {
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
        int durable = vouched.durableBytes(bases[at]);
        if (end.position() < durable) {
            return "the file ends here, but " + durable + " bytes were durable";
        }
        if (at < bases.length - 1 && !follows(bases[at + 1], end.nextOffset())) {
            return "the next segment begins at " + bases[at + 1] + " instead of " + end.nextOffset();
        }
        return null;
    }

    private boolean follows(long nextBase, long nextOffset) {
        return nextBase == nextOffset || (nextBase > nextOffset && nextBase <= vouched.gapsTo());
    }

    private void cut(SegmentRecovery recovery, String wrong, long[] bases, int at) {
        cutReason = recovery.file().path() + " at " + recovery.end().position() + ": " + wrong;
        cutBytes = recovery.bytesBehind();
        recovery.cut();
        for (int i = at + 1; i < bases.length; i++) {
            cutBytes += file(bases[i]).size();
            directory.discard(bases[i], environment.timeIn(config.fileDeleteDelayMs()));
        }
    }

    private Segment sealed(long base, long nextBase) {
        int size = Math.toIntExact(file(base).size());
        return Segment.sealed(directory.path(), base, size, nextBase, epochs, environment);
    }

    private SegmentFile file(long base) {
        return new SegmentFile(SegmentNames.log(directory.path(), base), environment.files(), environment.maps());
    }

    /** Up to the first invalid header; a later read reports the damage. */
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

    /** Checked bytes may be only in the page cache; they are durable after the first flush. */
    private DurablePoint durable(Segment last) {
        if (scannedBytes == 0 && vouched.durable().segmentBase() == last.baseOffset()) {
            return vouched.durable();
        }
        long from = vouched.isLost() ? 0 : vouched.durable().offset();
        return new DurablePoint(
                segments.get(0).baseOffset(),
                SegmentEnd.empty(Math.min(from, last.end().nextOffset())));
    }

    /** The log up to the damage, or without segments if no readable record is left. */
    private Recovered quarantined(Damage found, long logStart) {
        damage = new Damage(found.file(), found.position(), Math.max(found.offset(), logStart), found.reason());
        if (found.offset() <= logStart) {
            segments.clear();
        }
        long end = damage.offset();
        epochs.truncateFromEnd(end);
        epochs.truncateFromStart(Math.min(logStart, end));
        // The damaged batch existed: a reader must get an error there and not the end of the log.
        DurablePoint durable = new DurablePoint(
                end, SegmentEnd.empty(Math.max(end + 1, vouched.durable().offset())));
        return new Recovered(
                segments,
                epochs,
                producers.found(),
                logStart,
                durable,
                vouched.clean(),
                vouched.checkpoint(),
                report());
    }

    private Recovered withoutSegments(long startOffset) {
        long next = Math.max(startOffset, vouched.durable().offset());
        startProducers(new long[0], 0, next);
        return new Recovered(
                segments,
                epochs,
                producers.found(),
                next,
                new DurablePoint(next, SegmentEnd.empty(next)),
                vouched.clean(),
                vouched.checkpoint(),
                Recovery.NOTHING_TO_DO);
    }
}
