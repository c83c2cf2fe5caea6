package io.aeon.replication;

import java.util.List;

/**
 * A Fetch request of a follower.
 *
 * @param <P> identifies a partition
 * @param id of the request among those of its fetcher
 * @param sessionId 0 without a session
 * @param sessionEpoch 0 begins a new session (KIP-227)
 * @param wanted all partitions in a new session, otherwise those that are new or at another offset
 * @param forgotten partitions that leave the session
 */
public record FetchRequest<P>(long id, int sessionId, int sessionEpoch, List<Wanted<P>> wanted, List<P> forgotten) {
    /** What is asked of one partition. */
    public record Wanted<P>(P partition, int leaderEpoch, LogPosition position) {}
}
