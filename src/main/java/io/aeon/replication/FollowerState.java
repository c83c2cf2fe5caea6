package io.aeon.replication;

import java.util.Comparator;

/** What a leader knows of one follower, from the follower's Fetch requests in this leader epoch. Not thread-safe. */
final class FollowerState {
    /** The one with fewer records comes first, then the one that was caught up earlier. */
    static final Comparator<FollowerState> LEAST_CAUGHT_UP_FIRST =
            Comparator.comparingLong(FollowerState::logEnd).thenComparingLong(each -> each.caughtUpAt);

    private static final long UNKNOWN = -1;

    private long logStart = UNKNOWN;
    private long logEnd;
    private long brokerEpoch = IsrChange.UNKNOWN_EPOCH;
    private boolean hasFetched;
    private long caughtUpAt;
    private long lastFetchAt;
    private long leaderEndAtLastFetch = UNKNOWN;

    /**
     * @param logEnd the follower has all records below this offset; -1 if that is unknown
     * @param caughtUpAt milliseconds; the time when the follower counts as having been caught up last
     */
    FollowerState(long logEnd, long caughtUpAt) {
        this.logEnd = logEnd;
        this.caughtUpAt = caughtUpAt;
        this.lastFetchAt = caughtUpAt;
    }

    /** The follower has no records below this offset; -1 if it has not fetched. */
    long logStart() {
        return logStart;
    }

    /** The follower has all records below this offset; -1 if that is unknown. */
    long logEnd() {
        return logEnd;
    }

    /** Epoch of the follower's registration when it last fetched. */
    long brokerEpoch() {
        return brokerEpoch;
    }

    /** Whether the follower's log has this offset, or ends there. */
    boolean has(long offset) {
        return logStart <= offset && offset <= logEnd;
    }

    boolean hasFetched() {
        return hasFetched;
    }

    /**
     * The follower fetches from {@code offset}. It was caught up at this time if it has all records, or else at the
     * time of its previous fetch if it has now all that existed then.
     */
    void fetched(long offset, long start, long epoch, long leaderEnd, long now) {
        if (offset >= leaderEnd) {
            caughtUpAt = Math.max(caughtUpAt, now);
        } else if (hasFetched && offset >= leaderEndAtLastFetch) {
            caughtUpAt = Math.max(caughtUpAt, lastFetchAt);
        }
        hasFetched = true;
        logStart = start;
        logEnd = offset;
        brokerEpoch = epoch;
        lastFetchAt = now;
        leaderEndAtLastFetch = Math.max(leaderEndAtLastFetch, leaderEnd);
    }

    /** The leader appends at {@code leaderEnd}: until now a follower that has all records below it was caught up. */
    void appended(long leaderEnd, long now) {
        if (logEnd >= leaderEnd) {
            caughtUpAt = Math.max(caughtUpAt, now);
        }
    }

    /** Whether the follower was caught up at or after this time. */
    boolean wasCaughtUpSince(long time) {
        return caughtUpAt >= time;
    }
}
