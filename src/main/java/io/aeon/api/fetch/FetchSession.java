package io.aeon.api.fetch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
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
    private long lastUsedMs;
    private long wakes;
    private @Nullable Runnable waiter;

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

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    long createdMs() {
        return createdMs;
    }

    synchronized long lastUsedMs() {
        return lastUsedMs;
    }

    /** The epoch the client's next request must have. */
    synchronized int epoch() {
        return epoch;
    }

    synchronized void used(long nowMs) {
        lastUsedMs = nowMs;
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
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

    synchronized void forget(Collection<FetchPartition.Key> keys) {
        for (FetchPartition.Key key : keys) {
            FetchPartition forgotten = partitions.remove(key);
            if (forgotten != null) {
                ready.remove(forgotten);
                forgotten.watcher().cancel();
            }
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

    /** Keeps {@code onWake} for the next wake; false if there was one since {@code seen}. */
    synchronized boolean await(long seen, Runnable onWake) {
        if (wakes != seen) {
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
            woken = waiter;
            waiter = null;
        }
        if (woken != null) {
            woken.run();
        }
    }

    /** Nobody reads with this session any more. */
    synchronized void end() {
        partitions.values().forEach(partition -> partition.watcher().cancel());
        waiter = null;
    }
}
