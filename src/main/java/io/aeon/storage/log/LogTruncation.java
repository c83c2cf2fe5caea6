package io.aeon.storage.log;

import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.ProducerCheckpoint;
import io.aeon.storage.producer.ProducerStates;
import io.aeon.storage.recovery.ProducerRecovery;
import io.aeon.storage.segment.DurablePoint;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentConfig;
import io.aeon.storage.segment.SegmentCut;
import io.aeon.storage.segment.SegmentNames;
import io.aeon.storage.segment.SegmentSwap;
import java.util.List;

/**
 * Removes the end of a log, on a replica whose leader has other records there (KIP-101). Lent slices stay readable. The
 * order of the changes on the disk: the segments that compaction has prepared are removed, the checkpoint is lowered,
 * the segments are removed from the last one backwards, and the first affected segment is cut. A crash at any point
 * therefore leaves a log that is unchanged or shorter, and never a log with a hole. For the owner only.
 */
final class LogTruncation {
    private final OpenLog log;
    private final LogStart start;

    LogTruncation(OpenLog log, LogStart start) {
        this.log = log;
        this.start = start;
    }

    /** @see LogReplication#truncateTo */
    void truncateTo(long offset, long logEndOffset, SegmentConfig config) {
        if (offset >= logEndOffset) {
            log.epochs().truncateFromEnd(offset);
            return;
        }
        int first = log.segments().all().size() - 1;
        while (first >= 0 && log.segments().all().get(first).baseOffset() > offset) {
            first--;
        }
        if (first < 0) {
            startAnew(offset, offset, config);
        } else {
            truncate(first, offset, config);
        }
    }

    private void truncate(int first, long offset, SegmentConfig config) {
        log.sync().flush();
        finalIfFailed(() -> {
            SegmentCut cut = SegmentCut.before(offset, log.segments().all().get(first), config);
            if (cut.end().nextOffset() > start.offset()) {
                aside(() -> cut(cut, first, config));
            } else {
                long empty = Math.min(offset, start.offset());
                aside(() -> removeAll(empty, empty, config));
            }
        });
    }

    /** @see LogReplication#startAnew */
    void startAnew(long base, long logStartOffset, SegmentConfig config) {
        finalIfFailed(() -> aside(() -> removeAll(base, logStartOffset, config)));
    }

    private void aside(Runnable removal) {
        log.sync().aside(() -> {
            new SegmentSwap(log.directory(), log.environment()).abandonAll();
            removal.run();
        });
    }

    private void cut(SegmentCut cut, int first, SegmentConfig config) {
        List<Segment> gone =
                log.segments().all().subList(first, log.segments().all().size());
        long[] snapshots = SegmentNames.snapshotOffsets(log.directory().list());
        Segment rest = cut.rest(log.directory().path(), log.epochs(), log.environment());
        long end = cut.end().nextOffset();
        log.segments().replaceFrom(first, rest);
        gone.forEach(segment -> segment.file().retire());
        log.epochs().truncateFromEnd(end);
        ProducerRecovery.AsOf known = producersAt(end, snapshots);
        log.producers().truncated(end, rest.baseOffset(), known.states(), known.snapshotOffset());
        log.sync().lower(new DurablePoint(rest.baseOffset(), cut.end()));
        discard(gone.subList(1, gone.size()), config);
        log.producers().deleteSnapshotsAfter(end, snapshots);
        log.directory().changed();
        log.directory().force();
        cut.cutFile(rest, log.environment());
    }

    /** A log without producers need not be read for their states. */
    private ProducerRecovery.AsOf producersAt(long end, long[] snapshots) {
        return log.producers().states().size() == 0
                ? new ProducerRecovery.AsOf(new ProducerStates(), ProducerCheckpoint.NO_SNAPSHOT)
                : ProducerRecovery.asOf(
                        end,
                        log.directory().path(),
                        log.environment().files(),
                        snapshots,
                        log.segments().all());
    }

    private void removeAll(long base, long logStartOffset, SegmentConfig config) {
        List<Segment> gone = log.segments().all();
        Segment fresh = Segment.empty(log.directory().path(), base, log.epochs(), log.environment());
        log.segments().replaceFrom(0, fresh);
        gone.forEach(segment -> segment.file().retire());
        log.epochs().truncateFromEnd(0);
        log.producers().forgetAll(base);
        log.directory().ensureExists();
        if (!gone.isEmpty()) {
            log.sync().takeBack(gone.get(0).baseOffset());
        }
        discard(gone, config);
        log.producers()
                .deleteSnapshotsAfter(
                        -1, SegmentNames.snapshotOffsets(log.directory().list()));
        log.directory().changed();
        log.directory().force();
        start.moveTo(logStartOffset);
        fresh.file().openForWriting();
        log.sync().startAnew(base);
    }

    private void discard(List<Segment> gone, SegmentConfig config) {
        long due = log.environment().timeIn(config.fileDeleteDelayMs());
        for (int i = gone.size() - 1; i >= 0; i--) {
            log.directory().discard(gone.get(i).baseOffset(), due);
        }
    }

    /** After a failure only the next opening can determine the state of the disk. */
    private void finalIfFailed(Runnable change) {
        try {
            change.run();
        } catch (StorageException e) {
            log.sync().fail(e);
            throw e;
        }
    }
}
