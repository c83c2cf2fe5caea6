package io.aeon.storage.log;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.producer.ProducerCheckpoint;
import io.aeon.storage.producer.ProducerStates;
import io.aeon.storage.recovery.ProducerRecovery;
import io.aeon.storage.segment.DurablePoint;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentConfig;
import io.aeon.storage.segment.SegmentCut;
import io.aeon.storage.segment.SegmentNames;
import io.aeon.storage.segment.Segments;
import java.util.List;

/**
 * Removes the end of a log, on a replica whose leader has other records there (KIP-101). Lent slices stay readable. The
 * order of the changes on the disk: the checkpoint is lowered, the segments are removed from the last one backwards,
 * and the first affected segment is cut. A crash at any point therefore leaves a log that is unchanged or shorter, and
 * never a log with a hole. For the owner only.
 */
final class LogTruncation {
    private final LogDirectory directory;
    private final LogEnvironment environment;
    private final Segments segments;
    private final LeaderEpochs epochs;
    private final LogProducers producers;
    private final LogSync sync;
    private final LogStart start;

    LogTruncation(
            LogDirectory directory,
            LogEnvironment environment,
            Segments segments,
            LeaderEpochs epochs,
            LogProducers producers,
            LogSync sync,
            LogStart start) {
        this.directory = directory;
        this.environment = environment;
        this.segments = segments;
        this.epochs = epochs;
        this.producers = producers;
        this.sync = sync;
        this.start = start;
    }

    /** @see LogReplication#truncateTo */
    void truncateTo(long offset, long logEndOffset, SegmentConfig config) {
        if (offset >= logEndOffset) {
            epochs.truncateFromEnd(offset);
            return;
        }
        int first = segments.all().size() - 1;
        while (first >= 0 && segments.all().get(first).baseOffset() > offset) {
            first--;
        }
        if (first < 0) {
            startAnew(offset, offset, config);
        } else {
            truncate(first, offset, config);
        }
    }

    private void truncate(int first, long offset, SegmentConfig config) {
        sync.flush();
        finalIfFailed(() -> {
            SegmentCut cut = SegmentCut.before(offset, segments.all().get(first), config);
            if (cut.end().nextOffset() > start.offset()) {
                sync.aside(() -> cut(cut, first, config));
            } else {
                long empty = Math.min(offset, start.offset());
                sync.aside(() -> removeAll(empty, empty, config));
            }
        });
    }

    /** @see LogReplication#startAnew */
    void startAnew(long base, long logStartOffset, SegmentConfig config) {
        finalIfFailed(() -> sync.aside(() -> removeAll(base, logStartOffset, config)));
    }

    private void cut(SegmentCut cut, int first, SegmentConfig config) {
        List<Segment> gone = segments.all().subList(first, segments.all().size());
        long[] snapshots = SegmentNames.snapshotOffsets(directory.list());
        Segment rest = cut.rest(directory.path(), epochs, environment);
        long end = cut.end().nextOffset();
        segments.replaceFrom(first, rest);
        gone.forEach(segment -> segment.file().retire());
        epochs.truncateFromEnd(end);
        ProducerRecovery.AsOf known = producersAt(end, snapshots);
        producers.truncated(end, rest.baseOffset(), known.states(), known.snapshotOffset());
        sync.lower(new DurablePoint(rest.baseOffset(), cut.end()));
        discard(gone.subList(1, gone.size()), config);
        producers.deleteSnapshotsAfter(end, snapshots);
        directory.changed();
        directory.force();
        cut.cutFile(rest, environment);
    }

    /** A log without producers need not be read for their states. */
    private ProducerRecovery.AsOf producersAt(long end, long[] snapshots) {
        return producers.states().size() == 0
                ? new ProducerRecovery.AsOf(new ProducerStates(), ProducerCheckpoint.NO_SNAPSHOT)
                : ProducerRecovery.asOf(end, directory.path(), environment.files(), snapshots, segments.all());
    }

    private void removeAll(long base, long logStartOffset, SegmentConfig config) {
        List<Segment> gone = segments.all();
        Segment fresh = Segment.empty(directory.path(), base, epochs, environment);
        segments.replaceFrom(0, fresh);
        gone.forEach(segment -> segment.file().retire());
        epochs.truncateFromEnd(0);
        producers.forgetAll(base);
        directory.ensureExists();
        if (!gone.isEmpty()) {
            sync.takeBack(gone.get(0).baseOffset());
        }
        discard(gone, config);
        producers.deleteSnapshotsAfter(-1, SegmentNames.snapshotOffsets(directory.list()));
        directory.changed();
        directory.force();
        start.moveTo(logStartOffset);
        fresh.file().openForWriting();
        sync.startAnew(base);
    }

    private void discard(List<Segment> gone, SegmentConfig config) {
        long due = environment.clock().millis() + config.fileDeleteDelayMs();
        for (int i = gone.size() - 1; i >= 0; i--) {
            directory.discard(gone.get(i).baseOffset(), due);
        }
    }

    /** After a failure only the next opening can determine the state of the disk. */
    private void finalIfFailed(Runnable change) {
        try {
            change.run();
        } catch (StorageException e) {
            sync.fail(e);
            throw e;
        }
    }
}
