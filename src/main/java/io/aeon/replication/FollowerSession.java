package io.aeon.replication;

import io.aeon.replication.FetchRequest.Wanted;
import io.aeon.replication.FollowedPartition.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A follower's incremental fetch session (KIP-227): a request names only the partitions whose position differs from
 * what the leader knows, so the cost of a request does not depend on how many partitions are idle. Not thread-safe.
 *
 * @param <P> identifies a partition
 */
final class FollowerSession<P> {
    private static final int NONE = 0;

    private final Map<P, FollowedPartition<P>> partitions;
    private final Set<P> known = new HashSet<>();
    private final Set<P> changed = new LinkedHashSet<>();
    private int sessionId = NONE;
    private int epoch;

    /** @param partitions of the fetcher, which changes them and tells the session */
    FollowerSession(Map<P, FollowedPartition<P>> partitions) {
        this.partitions = partitions;
    }

    /** The partition is new, at another position, in another state, or gone. */
    void changed(P partition) {
        changed.add(partition);
    }

    /** The next request. */
    FetchRequest<P> next(long request) {
        return epoch == 0 ? full(request) : incremental(request);
    }

    private FetchRequest<P> full(long request) {
        known.clear();
        changed.clear();
        Collection<FollowedPartition<P>> all = partitions.values();
        List<Wanted<P>> wanted = new ArrayList<>();
        all.stream().filter(each -> each.is(State.READY)).forEach(each -> wanted.add(ask(each)));
        return new FetchRequest<>(request, sessionId, 0, wanted, List.of());
    }

    private FetchRequest<P> incremental(long request) {
        List<Wanted<P>> wanted = new ArrayList<>();
        List<P> forgotten = new ArrayList<>();
        for (P id : changed) {
            FollowedPartition<P> partition = partitions.get(id);
            if (partition != null && partition.is(State.READY)) {
                wanted.add(ask(partition));
            } else if (known.remove(id)) {
                forgotten.add(id);
            }
        }
        changed.clear();
        return new FetchRequest<>(request, sessionId, epoch, wanted, forgotten);
    }

    private Wanted<P> ask(FollowedPartition<P> partition) {
        known.add(partition.id);
        return new Wanted<>(partition.id, partition.leaderEpoch, partition.position());
    }

    /** The leader has answered the request that was sent last. */
    void answered(int sessionId) {
        this.sessionId = sessionId;
        epoch = sessionId == NONE ? 0 : epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    /** The next request begins a new session; the leader closes the previous one if it has it. */
    void restart() {
        epoch = 0;
    }

    /** The leader does not know the session. */
    void lost() {
        sessionId = NONE;
        epoch = 0;
    }
}
