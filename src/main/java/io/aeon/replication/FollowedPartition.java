package io.aeon.replication;

/**
 * One partition of a fetcher. Not thread-safe.
 *
 * @param <P> identifies a partition
 */
final class FollowedPartition<P> {
    enum State {
        /** Can be fetched. */
        READY,
        /** The log appends or truncates. */
        STORING,
        /** The leader is asked for its offsets. */
        SEARCHING,
        /** Pauses after an error. */
        PAUSING,
        /** The leader has a newer epoch: the metadata will tell. */
        FENCED,
        /** Not a partition of the fetcher any more. */
        REMOVED
    }

    final P id;
    final int leaderEpoch;
    private LogPosition position;
    private State state = State.READY;
    private long pauseEnd;
    private long leaderHighWatermark = Long.MAX_VALUE;

    FollowedPartition(P id, int leaderEpoch, LogPosition position) {
        this.id = id;
        this.leaderEpoch = leaderEpoch;
        this.position = position;
    }

    LogPosition position() {
        return position;
    }

    State state() {
        return state;
    }

    boolean is(State other) {
        return state == other;
    }

    void become(State next) {
        state = next;
    }

    void endsAt(LogPosition newPosition) {
        position = newPosition;
    }

    /** The leader's high watermark when it answered last. */
    void leaderSays(long highWatermark) {
        leaderHighWatermark = highWatermark;
    }

    /** Whether records that all in-sync replicas have are missing here, as far as is known. */
    boolean isBehind() {
        return position.end() < leaderHighWatermark;
    }

    /** Milliseconds. */
    long pauseEnd() {
        return pauseEnd;
    }

    void pauseUntil(long time) {
        pauseEnd = time;
    }
}
