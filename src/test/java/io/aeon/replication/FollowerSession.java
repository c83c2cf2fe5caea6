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
 * A follower's incremental fetch session (KIP-227): a request names only the partitions whose position differs from what
 * the leader knows, so the cost of a request does not depend on how many partitions are idle. Not thread-safe.
 */
final class FollowerSession {
    private static final int NONE = 0;

    private final Map<Integer, FollowedPartition> partitions;
    private final Set<Integer> known = new HashSet<>();
    private final Set<Integer> changed = new LinkedHashSet<>();
    private int id = NONE;
    private int epoch;

    /** @param partitions of the fetcher, which changes them and tells the session */
    FollowerSession(Map<Integer, FollowedPartition> partitions) {
        this.partitions = partitions;
    }

    /** The partition is new, at another position, in another state, or gone. */
    void changed(int partition) {
        changed.add(partition);
    }

    /** The next request. */
    FetchRequest next(long request) {
        return epoch == 0 ? full(request) : incremental(request);
    }

    private FetchRequest full(long request) {
        known.clear();
        changed.clear();
        Collection<FollowedPartition> all = partitions.values();
        List<Wanted> wanted = new ArrayList<>();
        all.stream().filter(each -> each.is(State.READY)).forEach(each -> wanted.add(ask(each)));
        return new FetchRequest(request, id, 0, wanted, List.of());
    }

    private FetchRequest incremental(long request) {
        List<Wanted> wanted = new ArrayList<>();
        List<Integer> forgotten = new ArrayList<>();
        for (Integer index : changed) {
            FollowedPartition partition = partitions.get(index);
            if (partition != null && partition.is(State.READY)) {
                wanted.add(ask(partition));
            } else if (known.remove(index)) {
                forgotten.add(index);
            }
        }
        changed.clear();
        return new FetchRequest(request, id, epoch, wanted, forgotten);
    }

    private Wanted ask(FollowedPartition partition) {
        known.add(partition.index);
        return new Wanted(partition.index, partition.leaderEpoch, partition.position());
    }

    /** The leader has answered the request that was sent last. */
    void answered(int sessionId) {
        id = sessionId;
        epoch = sessionId == NONE ? 0 : epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    /** The next request begins a new session; the leader closes the previous one if it has it. */
    void restart() {
        epoch = 0;
    }

    /** The leader does not know the session. */
    void lost() {
        id = NONE;
        epoch = 0;
    }
}
