package io.aeon.api.fetch;

import io.aeon.api.ClientConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.FetchSessionTopicIdException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.message.FetchRequestData;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a client reads, and which of them are worth reading: a partition that had nothing new is left
 * alone until it says that it has. A client without a session (KIP-227) gets one for a single request. Thread-safe.
 */
final class FetchSession {
    /** Of a session that lives for one request only. */
    static final int NO_ID = 0;

    private final int id;
    private final boolean usesTopicIds;
    private final long createdMs;
    private final Executor pool;
    private final Map<FetchPartition.Key, FetchPartition> partitions = new LinkedHashMap<>();
    private final Set<FetchPartition> ready = new LinkedHashSet<>();
    private int epoch = 1;
    private volatile long lastUsedMs;
    private boolean over;
    private long wakes;
    private @Nullable Runnable waiter;
    private ClientConnection.@Nullable Registration connection;

    /** @param pool where requests go on that a partition wakes */
    FetchSession(int id, boolean usesTopicIds, long nowMs, Executor pool) {
        this.pool = pool;
        this.id = id;
        this.usesTopicIds = usesTopicIds;
        this.createdMs = nowMs;
        this.lastUsedMs = nowMs;
    }

    int id() {
        return id;
    }

    /** Whether it outlives its first request. */
    boolean isLasting() {
        return id != NO_ID;
    }

    long createdMs() {
        return createdMs;
    }

    long lastUsedMs() {
        return lastUsedMs;
    }

    /** The epoch the client's next request must have. */
    synchronized int epoch() {
        return epoch;
    }

    /**
     * Takes the client's next request as a whole; of several with one epoch it takes one.
     *
     * @param byId whether the request names topics by their ids
     * @return by how many partitions this session has grown
     * @throws org.apache.kafka.common.errors.ApiException the session is over, not at this epoch, or names topics the
     *     other way; then nothing has changed
     */
    int next(FetchRequestData request, boolean byId, long nowMs) {
        List<WantedPartition> wanted = WantedPartition.of(request, byId);
        int grownBy;
        Runnable former;
        synchronized (this) {
            check(request, byId);
            int before = partitions.size();
            update(wanted);
            forget(WantedPartition.forgotten(request, byId));
            grownBy = partitions.size() - before;
            lastUsedMs = nowMs;
            epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
            wakes++;
            former = takeWaiter();
        }
        if (former != null) {
            former.run();
        }
        return grownBy;
    }

    private void check(FetchRequestData request, boolean byId) {
        if (over) {
            throw new FetchSessionIdNotFoundException("session " + id + " is over");
        }
        if (epoch != request.sessionEpoch()) {
            throw new InvalidFetchSessionEpochException("session " + id + " is at epoch " + epoch);
        }
        if (usesTopicIds != byId) {
            throw new FetchSessionTopicIdException("session " + id + " names topics the other way");
        }
    }

    private void forget(Collection<FetchPartition.Key> keys) {
        for (FetchPartition.Key key : keys) {
            FetchPartition forgotten = partitions.remove(key);
            if (forgotten != null) {
                ready.remove(forgotten);
                forgotten.watcher().cancel();
            }
        }
    }

    /** Whether the client still waits for its request that has led to this epoch. */
    synchronized boolean isAwaited(int epochAfterRequest) {
        return !over && epoch == epochAfterRequest;
    }

    synchronized int size() {
        return partitions.size();
    }

    /** Adds partitions or changes how they are read; they are worth reading now. */
    synchronized void update(Collection<WantedPartition> wanted) {
        for (WantedPartition each : wanted) {
            FetchPartition partition =
                    partitions.computeIfAbsent(each.key(), key -> new FetchPartition(this, key, pool));
            partition.update(each.request());
            ready.add(partition);
        }
    }

    /** What is worth reading, those that waited longest first. */
    synchronized List<FetchPartition> ready() {
        return new ArrayList<>(ready);
    }

    /** Nothing to read until the partition wakes; whether it has to be asked to. */
    synchronized boolean idle(FetchPartition partition) {
        ready.remove(partition);
        return watch(partition);
    }

    /** Whether the partition has to be asked to wake this session. */
    synchronized boolean watch(FetchPartition partition) {
        boolean fresh = !partition.watched();
        partition.setWatched(true);
        return fresh;
    }

    /** The client got records of it: others come first next time. */
    synchronized void served(FetchPartition partition) {
        if (ready.remove(partition)) {
            ready.add(partition);
        }
    }

    /** How often partitions have woken this session: what {@link #await} is told has been seen. */
    synchronized long wakes() {
        return wakes;
    }

    /** Keeps {@code onWake} for the next wake, request or end; false if the session was woken since {@code seen}, or is over. */
    synchronized boolean await(long seen, Runnable onWake) {
        if (wakes != seen || over) {
            return false;
        }
        waiter = onWake;
        return true;
    }

    void woken(FetchPartition partition) {
        Runnable woken;
        synchronized (this) {
            partition.setWatched(false);
            if (partitions.get(partition.key()) == partition) {
                ready.add(partition);
            }
            wakes++;
            woken = takeWaiter();
        }
        if (woken != null) {
            woken.run();
        }
    }

    /** Ends the session when that registration runs; it is cancelled if the session ends before. */
    synchronized void endsWith(ClientConnection.Registration connectionEnd) {
        if (over) {
            connectionEnd.cancel();
        } else {
            connection = connectionEnd;
        }
    }

    /**
     * Nobody reads with this session any more; who waits for it goes on.
     *
     * @return how many partitions it had
     */
    int end() {
        Runnable last;
        int size;
        synchronized (this) {
            over = true;
            last = takeWaiter();
            size = partitions.size();
            partitions.values().forEach(partition -> partition.watcher().cancel());
            if (connection != null) {
                connection.cancel();
                connection = null;
            }
        }
        if (last != null) {
            last.run();
        }
        return size;
    }

    private @Nullable Runnable takeWaiter() {
        Runnable taken = waiter;
        waiter = null;
        return taken;
    }
}
