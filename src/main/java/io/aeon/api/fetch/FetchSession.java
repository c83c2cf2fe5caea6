package io.aeon.api.fetch;

import io.aeon.api.ClientConnection;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.metadata.ClusterImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.FetchSessionTopicIdException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.message.FetchRequestData;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a client reads, and which of them are ready to be read. A partition that had no new records is
 * not read again until it wakes the session, or a request finds that it has grown. A client without a session (KIP-227)
 * gets one for a single request. Thread-safe.
 */
final class FetchSession {
    /** Id of a session for a single request. */
    static final int NO_ID = 0;

    private final int id;
    private final boolean usesTopicIds;
    private final boolean ofFollower;
    private final long createdMs;
    private final SessionPartitions partitions;
    private final Set<FetchPartition> ready = new LinkedHashSet<>();
    private int epoch = 1;
    private volatile long lastUsedMs;
    private boolean over;
    private long wakes;
    /** Upper bound of what the watches of partitions that are not ready wait for. */
    private long mostWatched;

    private @Nullable Runnable waiter;
    private ClientConnection.@Nullable Registration connection;

    /**
     * @param ofFollower whether a broker reads as a follower
     * @param pool executor on which a wake resumes the waiting request
     */
    FetchSession(int id, boolean usesTopicIds, boolean ofFollower, long nowMs, Executor pool) {
        this.ofFollower = ofFollower;
        this.partitions = new SessionPartitions(key -> new FetchPartition(this, key, pool));
        this.id = id;
        this.usesTopicIds = usesTopicIds;
        this.createdMs = nowMs;
        this.lastUsedMs = nowMs;
    }

    int id() {
        return id;
    }

    /** Whether the session outlives its first request. */
    boolean isLasting() {
        return id != NO_ID;
    }

    boolean isOfFollower() {
        return ofFollower;
    }

    long createdMs() {
        return createdMs;
    }

    long lastUsedMs() {
        return lastUsedMs;
    }

    /** The epoch that the client's next request must have. */
    synchronized int epoch() {
        return epoch;
    }

    /**
     * Applies the client's next request as a whole. Of several requests with one epoch it accepts only one.
     *
     * @param byId whether the request names topics by id
     * @return by how many bytes of heap the session has grown; negative if it has shrunk
     * @throws org.apache.kafka.common.errors.ApiException the session has ended, is at another epoch, or names topics
     *     the other way (by id or by name); then nothing has changed
     */
    long next(FetchRequestData request, boolean byId, long nowMs) {
        List<WantedPartition> wanted = WantedPartition.of(request, byId);
        long grownBy;
        Runnable former;
        synchronized (this) {
            check(request, byId);
            long before = partitions.heapBytes();
            update(wanted);
            forget(WantedPartition.forgotten(request, byId));
            grownBy = partitions.heapBytes() - before;
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
            throw new FetchSessionIdNotFoundException("session " + id + " has ended");
        }
        if (epoch != request.sessionEpoch()) {
            throw new InvalidFetchSessionEpochException("session " + id + " is at epoch " + epoch);
        }
        if (usesTopicIds != byId) {
            throw new FetchSessionTopicIdException(
                    "session " + id + " and this request name topics differently (by id or by name)");
        }
    }

    private void forget(Collection<FetchPartition.Key> keys) {
        for (FetchPartition.Key key : keys) {
            FetchPartition forgotten = partitions.remove(key);
            if (forgotten != null) {
                ready.remove(forgotten);
                forgotten.unwatch();
            }
        }
    }

    /** Whether the client still waits for the request that led to this epoch. */
    synchronized boolean isAwaited(int epochAfterRequest) {
        return !over && epoch == epochAfterRequest;
    }

    synchronized int size() {
        return partitions.size();
    }

    /** Adds partitions or changes how they are read. All of them are ready now. */
    synchronized void update(Collection<WantedPartition> wanted) {
        for (WantedPartition each : wanted) {
            FetchPartition partition = partitions.get(each.key());
            partition.update(each.request());
            ready.add(partition);
        }
    }

    /** Heap that the session takes until it ends. */
    synchronized long heapBytes() {
        return partitions.heapBytes();
    }

    /**
     * The partitions to be read, those that have waited longest first: the ready ones, and those that have grown by
     * less than what their watches wait for.
     */
    synchronized List<FetchPartition> ready() {
        if (mostWatched > 1) {
            partitions.all().stream().filter(FetchPartition::mayHaveGrown).forEach(ready::add);
        }
        return new ArrayList<>(ready);
    }

    /** Makes further partitions ready. */
    synchronized void ready(Collection<FetchPartition> further) {
        further.stream().filter(partitions::has).forEach(ready::add);
    }

    /** Makes the partitions ready that fulfil {@code isOutOfSync}, which depends on nothing but the image. */
    synchronized void ready(ClusterImage image, Predicate<FetchPartition> isOutOfSync) {
        ready.addAll(partitions.outOfSync(image, isOutOfSync));
    }

    /** Whether a partition has grown by less than what its watch waits for. */
    synchronized boolean mayHaveGrown() {
        return mostWatched > 1 && partitions.all().stream().anyMatch(FetchPartition::mayHaveGrown);
    }

    /** The partition is not ready until it wakes the session. */
    synchronized void idle(FetchPartition partition) {
        ready.remove(partition);
    }

    /** The watch for this growth that the caller has to send; null if one under way does. */
    synchronized @Nullable Watch watch(FetchPartition partition, FetchResult seen, long bytes) {
        mostWatched = Math.max(mostWatched, bytes);
        return partition.watch(seen, bytes);
    }

    /**
     * Replaces the watches that wait for more bytes, but not those of {@code others}; the caller sends the new ones.
     */
    synchronized Map<FetchPartition, Watch> watchSooner(long bytes, Set<FetchPartition> others) {
        if (mostWatched <= bytes) {
            return Map.of();
        }
        Map<FetchPartition, Watch> replaced = new LinkedHashMap<>();
        partitions.all().forEach(partition -> {
            Watch sooner = others.contains(partition) ? null : partition.watchSooner(bytes);
            if (sooner != null) {
                replaced.put(partition, sooner);
            }
        });
        mostWatched = bytes;
        return replaced;
    }

    /** The client has received records of the partition: other partitions come first next time. */
    synchronized void served(FetchPartition partition) {
        if (ready.remove(partition)) {
            ready.add(partition);
        }
    }

    /** Number of wakes so far, to be passed to {@link #await}. */
    synchronized long wakes() {
        return wakes;
    }

    /**
     * Keeps {@code onWake} for the next wake, the next request or the end. Returns false if the session has been woken
     * since {@code seen} was read, or has ended.
     */
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
            partition.unwatch();
            if (partitions.has(partition)) {
                ready.add(partition);
            }
            wakes++;
            woken = takeWaiter();
        }
        if (woken != null) {
            woken.run();
        }
    }

    /** Takes the registration that ends this session with its connection; an earlier end of the session cancels it. */
    synchronized void endsWith(ClientConnection.Registration connectionEnd) {
        if (over) {
            connectionEnd.cancel();
        } else {
            connection = connectionEnd;
        }
    }

    /**
     * Ends the session and resumes a request that waits for a wake.
     *
     * @return bytes of heap that the session took
     */
    long end() {
        Runnable last;
        long size;
        synchronized (this) {
            over = true;
            last = takeWaiter();
            size = partitions.heapBytes();
            partitions.all().forEach(FetchPartition::unwatch);
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
