package io.aeon.storage.log;

import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.Segment;
import java.util.List;

/**
 * The log start offset, and the removal of segments below it. Any thread may call {@link #offset}; all other methods
 * are for the log's owner.
 */
final class LogStart {
    private final OpenLog log;
    private volatile long offset;

    LogStart(OpenLog log, long offset) {
        this.log = log;
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
        log.sync().flush();
        offset = target;
        List<Segment> all = log.segments().all();
        int below = 0;
        while (below < all.size() - 1 && all.get(below + 1).baseOffset() <= target) {
            below++;
        }
        remove(below, config);
        log.epochs().truncateFromStart(target);
        checkpointOnAnyDisk();
    }

    /** If the disk is full, first deletes the removed segments to make room. */
    private void checkpointOnAnyDisk() {
        try {
            log.sync().checkpoint();
        } catch (StorageException e) {
            purgeRemoved();
            log.sync().checkpoint();
        }
    }

    /** Rolls the active segment if it is too old: only other segments can be removed or compacted. */
    void rollOld(LogConfig config) {
        Segment active = log.segments().last();
        if (active != null && active.size() > 0 && active.age().isPast(active.size(), config.segments())) {
            rollIfPossible(active.end().nextOffset());
        }
    }

    /** @see PartitionLog#applyRetention */
    int applyRetention(long highWatermark, LogConfig config) {
        log.directory().purge(log.environment().clock().millis());
        List<Segment> all = log.segments().all();
        int expired = new Retention(config, log.environment()).expired(all, offset, highWatermark);
        if (expired == 0) {
            return 0;
        }
        log.sync().flush();
        if (expired == all.size() && !rollIfPossible(all.get(expired - 1).end().nextOffset())) {
            expired--;
        }
        offset = Math.max(offset, log.segments().all().get(expired).baseOffset());
        remove(expired, config);
        log.epochs().truncateFromStart(offset);
        log.sync().flush();
        return expired;
    }

    /** A full disk may have no room for a new segment before an old segment is deleted. */
    private boolean rollIfPossible(long baseOffset) {
        try {
            log.sync().beforeRoll();
            log.segments().roll(log.directory(), baseOffset, log.epochs(), log.environment());
            log.producers().rolled();
            return true;
        } catch (StorageException e) {
            return false;
        }
    }

    /** @see PartitionLog#summary */
    LogSummary summary(long highWatermark, LogConfig config) {
        long due = new Retention(config, log.environment()).dueMs(log.segments().all(), offset, highWatermark);
        return LogSummary.of(log.segments(), log.epochs(), offset, due, highWatermark);
    }

    /** @see PartitionLog#purgeRemoved */
    void purgeRemoved() {
        log.directory().purge(Long.MAX_VALUE);
    }

    private void remove(int count, LogConfig config) {
        List<Segment> doomed = log.segments().all().subList(0, count);
        log.segments().removeFirst(count);
        log.producers().removedBefore(log.segments().all().get(0).baseOffset());
        long due = log.environment().clock().millis() + config.segments().fileDeleteDelayMs();
        for (Segment segment : doomed) {
            segment.file().retire();
            log.directory().discard(segment.baseOffset(), due);
        }
    }
}
