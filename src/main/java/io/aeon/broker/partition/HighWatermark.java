package io.aeon.broker.partition;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The high watermark of one replica: every in-sync replica has all records below it, so consumers may read them. The
 * leader computes it as the least log end offset in the ISR. A follower takes the value of its leader, bounded by its own
 * log end offset. It becomes lower only if the log of this replica is truncated. Not thread-safe.
 */
final class HighWatermark {
    private static final long UNKNOWN = -1;

    private final Map<Integer, Long> otherEnds = new HashMap<>();
    private Set<Integer> othersInSync = Set.of();
    private boolean isIsrTooSmall = true;
    private boolean isLeader;
    private long leaderHighWatermark = UNKNOWN;
    private long ownEnd;
    private final AtomicLong value;

    /**
     * Creates the high watermark of a replica without a role.
     *
     * @param value the last known high watermark; updated from now on, so that other threads can read it
     * @param ownEnd end of this replica's records that are as durable as the flush mode requires
     */
    HighWatermark(AtomicLong value, long ownEnd) {
        this.value = value;
        endsAt(ownEnd);
    }

    long value() {
        return value.get();
    }

    /**
     * The replica begins this role, or the role continues with another ISR. The log end offsets of other replicas are
     * valid only within one leader epoch.
     */
    void assume(Role role, boolean newEpoch) {
        if (newEpoch) {
            otherEnds.clear();
            leaderHighWatermark = UNKNOWN;
        }
        isLeader = role instanceof Role.Lead;
        if (role instanceof Role.Lead lead) {
            othersInSync = lead.othersInSync();
            isIsrTooSmall = othersInSync.size() + 1
                    < Math.min(lead.minInSync(), lead.others().size() + 1);
        }
        rise();
    }

    /** This replica has all records below {@code end}, which is at or above its previous end. */
    void ownEnd(long end) {
        ownEnd = end;
        rise();
    }

    /** Replica {@code broker} has all records below {@code end}, which falls when a follower is truncated. */
    void otherEnd(int broker, long end) {
        otherEnds.put(broker, end);
        rise();
    }

    /** The leader's high watermark; for a follower. */
    void leaderSays(long highWatermark) {
        leaderHighWatermark = highWatermark;
        rise();
    }

    /** The log of this replica ends at {@code end} now, which may be below its previous end. */
    void endsAt(long end) {
        ownEnd = end;
        value.set(Math.min(value.get(), end));
    }

    private void rise() {
        long least = isLeader ? leastInSync() : Math.min(leaderHighWatermark, ownEnd);
        if (least > value.get()) {
            value.lazySet(least);
        }
    }

    private long leastInSync() {
        if (isIsrTooSmall) {
            return UNKNOWN;
        }
        long least = ownEnd;
        for (Integer other : othersInSync) {
            least = Math.min(least, otherEnds.getOrDefault(other, UNKNOWN));
        }
        return least;
    }
}
