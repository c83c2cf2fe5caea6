package io.aeon.replication;

/**
 * The end of a leader epoch in a log.
 *
 * @param epoch the largest known epoch at or below the requested one, -1 if there is none
 * @param offset first offset after the epoch, -1 if it is unknown
 */
public record EpochEnd(int epoch, long offset) {
    public boolean isUnknown() {
        return epoch < 0 || offset < 0;
    }

    /**
     * Whether a log with this end of an epoch lacks what a follower has, whose last record below {@code offset} is of
     * {@code lastEpoch}.
     */
    public boolean divergesFrom(int lastEpoch, long fetchOffset) {
        return epoch < lastEpoch || offset < fetchOffset;
    }

    /**
     * The offset to which a follower truncates.
     *
     * @param leader the end of an epoch in the leader's log
     * @param own the end of the same epoch in the follower's log
     */
    public static long truncation(EpochEnd leader, EpochEnd own, long logEnd) {
        long agreed = own.isUnknown()
                ? leader.offset()
                : own.epoch() == leader.epoch() ? Math.min(own.offset(), leader.offset()) : own.offset();
        return Math.min(agreed, logEnd);
    }
}
