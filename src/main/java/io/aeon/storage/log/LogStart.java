package io.aeon.storage.log;

import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentSwap;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The log start offset, and the removal of the segments below it, by DeleteRecords and by retention. Any thread may
 * call {@link #offset}; all other methods are for the log's owner.
 */
public final class LogStart {
    private final OpenLog log;
    private final LongSupplier logEndOffset;
    private final Supplier<LogConfig> config;
    private volatile long offset;

    LogStart(OpenLog log, long offset, LongSupplier logEndOffset, Supplier<LogConfig> config) {
        this.log = log;
        this.offset = offset;
        this.logEndOffset = logEndOffset;
        this.config = config;
    }

    /** First offset that a reader may request. */
    public long offset() {
        return offset;
    }

    /** Sets the log start offset, after a truncation. */
    void moveTo(long target) {
        offset = target;
    }

    /**
     * Raises the log start offset to {@code target} (DeleteRecords), durable on return. Whole segments below it are
     * removed. An offset at or below the log start offset has no effect.
     *
     * @throws OffsetOutOfRangeException {@code target} is above the log end offset
     */
    public void advanceTo(long target) {
        if (target > logEndOffset.getAsLong()) {
            throw new OffsetOutOfRangeException(target, offset, logEndOffset.getAsLong());
        }
        if (target > offset) {
            removeBelow(target);
        }
    }

    private void removeBelow(long target) {
        log.sync().flush();
        offset = target;
        List<Segment> all = log.segments().all();
        int below = 0;
        while (below < all.size() - 1 && all.get(below + 1).baseOffset() <= target) {
            below++;
        }
        remove(below);
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

    /**
     * Removes the segments whose time or size limit has passed, but none that ends above {@code highWatermark}; returns
     * their number. An active segment past its time is rolled and removed too. Deletes removed files that are due.
     */
    public int applyRetention(long highWatermark) {
        int removed = removeExpired(highWatermark);
        rollOld();
        return removed;
    }

    /** Whether the active segment has records. */
    public boolean mayRoll() {
        Segment active = log.segments().last();
        return active != null && active.size() > 0;
    }

    /** Begins a new active segment. A checkpoint then covers everything before it, so that it can be compacted. */
    public void roll() {
        Segment active = log.segments().last();
        if (active != null) {
            roll(active.end().nextOffset());
            log.sync().flush();
            log.sync().checkpoint();
        }
    }

    private void roll(long baseOffset) {
        log.sync().beforeRoll();
        log.segments().roll(log.directory(), baseOffset, log.epochs(), log.environment());
        log.producers().rolled();
    }

    /** Rolls the active segment if it is too old: only other segments can be removed or compacted. */
    private void rollOld() {
        Segment active = log.segments().last();
        if (active != null
                && active.size() > 0
                && active.age().isPast(active.size(), config.get().segments())) {
            rollIfPossible(active.end().nextOffset());
        }
    }

    private int removeExpired(long highWatermark) {
        log.directory().purge(log.environment().clock().millis());
        List<Segment> all = log.segments().all();
        int expired = retention().expired(all, offset, highWatermark);
        if (expired == 0) {
            return 0;
        }
        log.sync().flush();
        if (expired == all.size() && !rollDurablyIfPossible()) {
            expired--;
        }
        offset = Math.max(offset, log.segments().all().get(expired).baseOffset());
        remove(expired);
        log.epochs().truncateFromStart(offset);
        log.sync().flush();
        return expired;
    }

    /**
     * Before the last segment with records is removed, a checkpoint must have the producers' states after it: a start
     * could not read them from the log any more. A full disk may have no room for it.
     */
    private boolean rollDurablyIfPossible() {
        try {
            roll();
            return true;
        } catch (StorageException e) {
            log.sync().requireUsable();
            return false;
        }
    }

    /** A full disk may have no room for a new segment before an old segment is deleted. */
    private boolean rollIfPossible(long baseOffset) {
        try {
            roll(baseOffset);
            return true;
        } catch (StorageException e) {
            return false;
        }
    }

    /** @see PartitionLog#summary */
    LogSummary summary(long highWatermark) {
        long due = retention().dueMs(log.segments().all(), offset, highWatermark);
        return LogSummary.of(log.segments(), log.epochs(), offset, due, highWatermark);
    }

    private Retention retention() {
        return new Retention(config.get(), log.environment());
    }

    /** Deletes all removed files from the disk, without the configured delay. */
    public void purgeRemoved() {
        log.directory().purge(Long.MAX_VALUE);
    }

    private void remove(int count) {
        List<Segment> doomed = log.segments().all().subList(0, count);
        log.sync().aside(() -> {
            new SegmentSwap(log.directory(), log.environment())
                    .abandonBefore(log.segments().all().get(count).baseOffset());
            log.segments().removeFirst(count);
        });
        log.producers().removedBefore(log.segments().all().get(0).baseOffset());
        long due = log.environment().timeIn(config.get().segments().fileDeleteDelayMs());
        for (Segment segment : doomed) {
            segment.file().retire();
            log.directory().discard(segment.baseOffset(), due);
        }
    }
}
