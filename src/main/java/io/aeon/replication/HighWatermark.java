package io.aeon.replication;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The high watermark of one replica: every in-sync replica has all records below it, so consumers may read them. A
 * leader computes it from its followers. A follower takes the value of its leader, bounded by its own log end offset.
 * It becomes lower only if the log of this replica is truncated. Not thread-safe.
 */
public final class HighWatermark {
    private static final long UNKNOWN = -1;

    private @Nullable LeaderState leader;
    private long leaderHighWatermark = UNKNOWN;
    private long ownEnd;
    private final AtomicLong value;

    /**
     * Creates the high watermark of a replica without a role.
     *
     * @param value the last known high watermark; updated from now on, so that other threads can read it
     * @param ownEnd end of this replica's records that are as durable as the flush mode requires
     */
    public HighWatermark(AtomicLong value, long ownEnd) {
        this.value = value;
        endsAt(ownEnd);
    }

    public long value() {
        return value.get();
    }

    /** This replica leads from now on. */
    public void lead(LeaderState state) {
        leader = state;
        rise();
    }

    /** This replica follows another leader, or the same one in another leader epoch. */
    public void follow() {
        leader = null;
        leaderHighWatermark = UNKNOWN;
    }

    /** This replica has all records below {@code end}, which is at or above its previous end. */
    public void ownEnd(long end) {
        ownEnd = end;
        rise();
    }

    /** The leader's high watermark; for a follower. */
    public void leaderSays(long highWatermark) {
        leaderHighWatermark = highWatermark;
        rise();
    }

    /** The number of committed records that this replica lacks, as its leader said last; 0 for a leader. */
    public long lag() {
        return leader == null ? Math.max(0, leaderHighWatermark - ownEnd) : 0;
    }

    /** The log of this replica ends at {@code end} now, which may be below its previous end. */
    public void endsAt(long end) {
        ownEnd = end;
        value.set(Math.min(value.get(), end));
    }

    /** The log begins at {@code start}: only committed records are deleted. */
    public void startsAt(long start) {
        if (start > value.get()) {
            value.lazySet(start);
        }
    }

    /**
     * Whether an earlier leader may have had a higher one: this replica leads, and its followers have not told yet that
     * they have all records of the earlier leader epochs (KIP-207).
     */
    public boolean mayBeBehind() {
        return leader != null && value.get() < leader.epochStart();
    }

    /** Advances as far as the replicas allow; to be called after a change of the leader's state. */
    public void rise() {
        long least = leader != null ? leader.committedEnd(ownEnd) : Math.min(leaderHighWatermark, ownEnd);
        if (least > value.get()) {
            value.lazySet(least);
        }
    }
}
