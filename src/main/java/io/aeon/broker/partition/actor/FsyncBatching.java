package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.storage.log.PartitionLog;

/**
 * Decides when the log of one partition is synced, so that one fsync serves all appends that wait for one. Not
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
     * @param durable offset below which all records are durable
     * @param logEnd log end offset
     */
    FsyncBatching(FlushSettings settings, long durable, long logEnd) {
        this.settings = settings;
        this.durable = durable;
        this.logEnd = logEnd;
    }

    /** Records an append that ends at {@code end}, which for a repeated append may be below the log end offset. */
    void appended(long end, int bytes) {
        logEnd = Math.max(logEnd, end);
        unflushedBytes += bytes;
    }

    /** Sets the log end offset, which can be lower than before. */
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

    /** Records that an append waits for an fsync. */
    void waits() {
        gathering.arrived();
    }

    /**
     * Whether an fsync is due now.
     *
     * @param rolled whether a completed segment is not fully synced; in flush mode {@code os} this makes an fsync due
     * @param waiting number of appends that wait for an fsync
     */
    boolean flushDue(boolean rolled, int waiting) {
        return !flushing
                && switch (settings.mode()) {
                    case SYNC -> durable < logEnd;
                    case INTERVAL -> waiting > 0 || unflushedBytes >= settings.intervalBytes();
                    case OS -> rolled || unflushedBytes >= PartitionLog.CHECKPOINT_BYTES;
                };
    }

    /** Whether an fsync is due at the end of the flush interval although none is due now. */
    boolean flushLater() {
        return settings.mode() == Mode.INTERVAL && !flushing && durable < logEnd;
    }

    /**
     * Records that an fsync starts after the appends that it gathers. As many appends are expected as were waiting at
     * the end of the last fsync, because the clients that got those answers soon send as many again. A client that
     * sends one append at a time never waits.
     *
     * @param waiting number of appends that wait already
     */
    Gathering flushStarted(int waiting) {
        flushing = true;
        unflushedBytes = 0;
        gathering = new Gathering(expected - waiting);
        return gathering;
    }

    /**
     * Records that an fsync has succeeded.
     *
     * @param waiting number of appends that waited for this fsync or wait for the next one
     */
    void flushed(long durableOffset, int waiting) {
        flushing = false;
        expected = waiting;
        durable = durableOffset;
    }

    /** The offset below which all records are durable. */
    long durable() {
        return durable;
    }

    /**
     * The offset below which records may become visible. In flush mode {@code sync} they must be durable, so that an
     * offset that was served once never holds different bytes later.
     */
    long safeEnd() {
        return settings.mode() == Mode.SYNC ? durable : logEnd;
    }
}
