package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.storage.log.PartitionLog;

/**
 * When the log of one partition is forced to the disk, so that one fsync serves all appends that wait for one. Not
 * thread-safe.
 */
final class FsyncBatching {
    private final FlushSettings settings;
    private long logEnd;
    private long durable;
    private long unflushedBytes;
    private boolean flushing;
    private Gathering gathering = new Gathering(0);
    private int expected;

    /**
     * @param durable everything below this offset is on the disk
     * @param logEnd offset the next record gets
     */
    FsyncBatching(FlushSettings settings, long durable, long logEnd) {
        this.settings = settings;
        this.durable = durable;
        this.logEnd = logEnd;
    }

    /** Takes note of an append that ends at {@code end}, which a repeated one has done before. */
    void appended(long end, int bytes) {
        logEnd = Math.max(logEnd, end);
        unflushedBytes += bytes;
    }

    /** The log ends at {@code end} now, perhaps below where it did. */
    void endsAt(long durableOffset, long end) {
        durable = durableOffset;
        logEnd = end;
    }

    /** Whether an append that ends at {@code end} has to wait for an fsync. */
    boolean mustWait(Acks acks, long end) {
        return mustBeDurable(acks) && end > durable;
    }

    private boolean mustBeDurable(Acks acks) {
        return switch (settings.mode()) {
            case SYNC -> acks != Acks.NONE;
            case INTERVAL -> acks == Acks.ALL;
            case OS -> false;
        };
    }

    /** One more append waits for an fsync. */
    void waits() {
        gathering.arrived();
    }

    /**
     * Whether an fsync shall start now.
     *
     * @param rolled whether a segment is full that no fsync has covered whole; where nobody waits for one it is due then
     * @param waiting appends that wait for an fsync
     */
    boolean flushDue(boolean rolled, int waiting) {
        return !flushing
                && switch (settings.mode()) {
                    case SYNC -> durable < logEnd;
                    case INTERVAL -> waiting > 0 || unflushedBytes >= settings.intervalBytes();
                    case OS -> rolled || unflushedBytes >= PartitionLog.CHECKPOINT_BYTES;
                };
    }

    /** Whether an fsync has to come by the interval's end, though none is due now. */
    boolean flushLater() {
        return settings.mode() == Mode.INTERVAL && !flushing && durable < logEnd;
    }

    /**
     * An fsync is about to start, when those have come that are gathered for it. Those are as many as were under way at
     * the end of the last fsync: who had several answers then will soon have sent as many appends again. A client that
     * sends one at a time never waits.
     *
     * @param waiting appends that wait for it already
     */
    Gathering flushStarted(int waiting) {
        flushing = true;
        unflushedBytes = 0;
        gathering = new Gathering(expected - waiting);
        return gathering;
    }

    /**
     * An fsync has ended well.
     *
     * @param waiting appends that waited for this one or the next
     */
    void flushed(long durableOffset, int waiting) {
        flushing = false;
        expected = waiting;
        durable = durableOffset;
    }

    /** All below this offset is on the disk. */
    long durable() {
        return durable;
    }

    /**
     * All below this offset is as safe as the flush mode asks before others may see it: in sync on the disk, so that an
     * offset once served never stands for other bytes.
     */
    long safeEnd() {
        return settings.mode() == Mode.SYNC ? durable : logEnd;
    }
}
