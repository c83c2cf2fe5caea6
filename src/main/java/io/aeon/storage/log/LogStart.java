package io.aeon.storage.log;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.Segments;
import java.util.List;

/**
 * The log start offset, and the removal of segments below it. Any thread may call {@link #offset}; all other methods
 * are for the log's owner.
 */
final class LogStart {
    private final LogDirectory directory;
    private final LogEnvironment environment;
    private final Segments segments;
    private final LeaderEpochs epochs;
    private final LogProducers producers;
    private final LogSync sync;
    private volatile long offset;

    LogStart(
            LogDirectory directory,
            LogEnvironment environment,
            Segments segments,
            LeaderEpochs epochs,
            LogProducers producers,
            LogSync sync,
            long offset) {
        this.directory = directory;
        this.environment = environment;
        this.segments = segments;
        this.epochs = epochs;
        this.producers = producers;
        this.sync = sync;
        this.offset = offset;
    }

    /** First offset that a reader may request. */
    long offset() {
        return offset;
    }

    /** Sets the log start offset, after a truncation. */
    void moveTo(long target) {
        offset = target;
    }

    /** @see PartitionLog#advanceLogStart */
    void advanceTo(long target, LogConfig config) {
        sync.flush();
        offset = target;
        List<Segment> all = segments.all();
        int below = 0;
        while (below < all.size() - 1 && all.get(below + 1).baseOffset() <= target) {
            below++;
        }
        remove(below, config);
        epochs.truncateFromStart(target);
        checkpointOnAnyDisk();
    }

    /** If the disk is full, first deletes the removed segments to make room. */
    private void checkpointOnAnyDisk() {
        try {
            sync.checkpoint();
        } catch (StorageException e) {
            purgeRemoved();
            sync.checkpoint();
        }
    }

    /** Rolls the active segment if it is too old: only other segments can be removed or compacted. */
    void rollOld(LogConfig config) {
        Segment active = segments.last();
        if (active != null && active.size() > 0 && active.age().isPast(active.size(), config.segments())) {
            rollIfPossible(active.end().nextOffset());
        }
    }

    /** @see PartitionLog#applyRetention */
    int applyRetention(long highWatermark, LogConfig config) {
        directory.purge(environment.clock().millis());
        List<Segment> all = segments.all();
        int expired = new Retention(config, environment).expired(all, offset, highWatermark);
        if (expired == 0) {
            return 0;
        }
        sync.flush();
        if (expired == all.size() && !rollIfPossible(all.get(expired - 1).end().nextOffset())) {
            expired--;
        }
        offset = Math.max(offset, segments.all().get(expired).baseOffset());
        remove(expired, config);
        epochs.truncateFromStart(offset);
        sync.flush();
        return expired;
    }

    /** A full disk may have no room for a new segment before an old segment is deleted. */
    private boolean rollIfPossible(long baseOffset) {
        try {
            sync.beforeRoll();
            segments.roll(directory, baseOffset, epochs, environment);
            producers.rolled();
            return true;
        } catch (StorageException e) {
            return false;
        }
    }

    /** @see PartitionLog#summary */
    LogSummary summary(long highWatermark, LogConfig config) {
        long due = new Retention(config, environment).dueMs(segments.all(), offset, highWatermark);
        return LogSummary.of(segments, epochs, offset, due, highWatermark);
    }

    /** @see PartitionLog#purgeRemoved */
    void purgeRemoved() {
        directory.purge(Long.MAX_VALUE);
    }

    private void remove(int count, LogConfig config) {
        List<Segment> doomed = segments.all().subList(0, count);
        segments.removeFirst(count);
        producers.removedBefore(segments.all().get(0).baseOffset());
        long due = environment.clock().millis() + config.segments().fileDeleteDelayMs();
        for (Segment segment : doomed) {
            segment.file().retire();
            directory.discard(segment.baseOffset(), due);
        }
    }
}
