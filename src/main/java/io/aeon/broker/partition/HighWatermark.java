package io.aeon.broker.partition;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The offset below which every replica in sync has all records, so that consumers may read them. A leader works it out
 * from the ends of the replicas; a follower is told it by its leader, and never counts in what it does not have itself.
 * It falls only with the end of this replica. Not thread-safe.
 */
final class HighWatermark {
    private static final long UNKNOWN = -1;

    private final Map<Integer, Long> ends = new HashMap<>();
    private Set<Integer> others = Set.of();
    private boolean stands = true;
    private boolean leads;
    private long leaders = UNKNOWN;
    private long own;
    private final AtomicLong value;

    /**
     * Of a replica that has no role yet.
     *
     * @param value what is known of it, and from now on what it is, for other threads to see
     * @param own the end of what this replica has, as safe as the flush mode asks
     */
    HighWatermark(AtomicLong value, long own) {
        this.value = value;
        endsAt(own);
    }

    long value() {
        return value.get();
    }

    /**
     * The role begins, or goes on with other replicas in sync. What was known of the others counts only within one
     * epoch.
     */
    void assume(Role role, boolean newEpoch) {
        if (newEpoch) {
            ends.clear();
            leaders = UNKNOWN;
        }
        leads = role instanceof Role.Lead;
        if (role instanceof Role.Lead lead) {
            others = lead.othersInSync();
            stands =
                    others.size() + 1 < Math.min(lead.minInSync(), lead.others().size() + 1);
        }
        rise();
    }

    /** This replica has all below {@code end}, which is not below what it had. */
    void ownEnd(long end) {
        own = end;
        rise();
    }

    /** Replica {@code broker} has all below {@code end}; a follower that was truncated has less than before. */
    void otherEnd(int broker, long end) {
        ends.put(broker, end);
        rise();
    }

    /** The high watermark as the leader knows it; for a follower. */
    void leaderSays(long highWatermark) {
        leaders = highWatermark;
        rise();
    }

    /** This replica ends at {@code end} now, perhaps below where it did. */
    void endsAt(long end) {
        own = end;
        value.set(Math.min(value.get(), end));
    }

    private void rise() {
        long least = leads ? leastInSync() : Math.min(leaders, own);
        if (least > value.get()) {
            value.lazySet(least);
        }
    }

    private long leastInSync() {
        if (stands) {
            return UNKNOWN;
        }
        long least = own;
        for (Integer other : others) {
            least = Math.min(least, ends.getOrDefault(other, UNKNOWN));
        }
        return least;
    }
}
