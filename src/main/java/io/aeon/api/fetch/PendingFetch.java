package io.aeon.api.fetch;

import io.aeon.api.ClientConnection;
import io.aeon.api.Isolations;
import io.aeon.api.Reply;
import io.aeon.api.quotas.Throttle;
import io.aeon.broker.Timer;
import io.aeon.broker.partition.PartitionCommand.Follower;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One fetch request until it is answered. It works in rounds. A round reads the ready partitions. If that gives too few
 * bytes, the request waits until a partition wakes the session; then the next round begins. The client's maximum wait
 * or the end of its connection ends the wait. Only one thread at a time works on it.
 *
 * <p>Each partition wakes the session when it has grown by its share of the missing bytes. Until one has, all together
 * have grown by less than what is missing. So the number of rounds depends on the number of partitions, not on how many
 * appends it takes to fill the request.
 */
final class PendingFetch {
    private static final long NEVER = Long.MAX_VALUE;
    /** Older clients do not know that a follower may be behind (KIP-392). */
    private static final short FIRST_VERSION_SERVED_BY_FOLLOWERS = 11;

    private final short version;
    private final FetchSession session;
    private final PartitionReads reads;
    private final int maxBytes;
    private final int minBytes;
    private final @Nullable Follower follower;
    private final Set<Integer> nearby;
    private final ClientConnection connection;
    private final LongFunction<Throttle> quota;
    private final Isolation isolation;
    private final boolean answersAll;
    private final int epoch;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final Map<FetchPartition, FetchResult> results = new LinkedHashMap<>();
    /** Partitions that have grown and still gave no more bytes, because their limit is reached. */
    private final Set<FetchPartition> full = new HashSet<>();

    private List<FetchPartition> ready = List.of();
    private int next;
    private long bytes;
    private boolean urgent;
    private long wakesSeen;
    private Timer.@Nullable Cancellation deadline;
    private ClientConnection.@Nullable Registration connectionEnd;
    /** Whether the next thread that wants to continue may do so. Guarded by this object, like {@link #expired}. */
    private boolean waiting;

    private boolean expired;
    /** The client has gone: it needs no records. */
    private boolean abandoned;

    /**
     * @param follower the broker that asks as a follower; null for a consumer
     * @param mostBytes this broker's limit for the bytes of records in one response
     * @param quota whether the client may have so many bytes of records now
     */
    PendingFetch(
            FetchRequestData request,
            short version,
            @Nullable Follower follower,
            ClientConnection connection,
            FetchSession session,
            PartitionReads reads,
            int mostBytes,
            LongFunction<Throttle> quota) {
        this.version = version;
        this.session = session;
        this.reads = reads;
        this.maxBytes = Math.max(Math.min(request.maxBytes(), mostBytes), 0);
        this.minBytes = Math.min(request.minBytes(), maxBytes);
        this.follower = follower;
        this.nearby = follower == null && version >= FIRST_VERSION_SERVED_BY_FOLLOWERS
                ? reads.nearby(request.rackId())
                : Set.of();
        this.connection = connection;
        this.quota = quota;
        Isolation asked = Isolations.of(request.isolationLevel());
        this.isolation = follower == null ? asked : Isolation.LOG_END;
        this.answersAll = request.sessionEpoch() <= FetchMetadata.INITIAL_EPOCH;
        this.epoch = session.epoch();
    }

    CompletableFuture<Reply> start(Timer timer, int maxWaitMs) {
        expired = maxWaitMs <= 0 || minBytes <= 0 || session.size() == 0;
        if (!expired) {
            deadline = timer.after(Duration.ofMillis(maxWaitMs), this::expire);
            connectionEnd = connection.onEnd(this::abandon);
        }
        if (follower != null) {
            // The leader looks at every fetch whether the follower can join the ISR.
            int broker = follower.broker();
            session.ready(reads.image(), partition -> !reads.isInSync(partition, broker));
        }
        round();
        return reply;
    }

    private void round() {
        wakesSeen = session.wakes();
        results.values().forEach(result -> result.records().close());
        bytes = 0;
        ready = session.ready();
        next = 0;
        readOn();
    }

    private void readOn() {
        for (List<Granted> wave = nextWave(); !wave.isEmpty(); wave = nextWave()) {
            List<Granted> reading = wave;
            CompletableFuture<Void> all =
                    CompletableFuture.allOf(wave.stream().map(Granted::result).toArray(CompletableFuture<?>[]::new));
            if (!all.isDone()) {
                all.thenRun(() -> {
                            reading.forEach(this::take);
                            readOn();
                        })
                        .exceptionally(this::giveUp);
                return;
            }
            reading.forEach(this::take);
        }
        endRound();
    }

    private @Nullable Void giveUp(Throwable fault) {
        results.values().forEach(result -> result.records().close());
        reply.completeExceptionally(fault);
        return null;
    }

    /** The next partitions to read in parallel: as many as may fill the rest of the byte budget. */
    private List<Granted> nextWave() {
        List<Granted> wave = new ArrayList<>();
        boolean first = bytes == 0;
        boolean spent = bytes >= maxBytes;
        long left = Math.max(maxBytes - bytes, 0);
        while (next < ready.size() && (spent ? first || answersAll : left > 0)) {
            FetchPartition partition = ready.get(next++);
            int grant = (int) Math.min(Math.max(partition.maxBytes(), 0), left);
            wave.add(new Granted(partition, grant, read(partition, grant, first)));
            left -= grant;
        }
        return wave;
    }

    private CompletableFuture<FetchResult> read(FetchPartition partition, int grant, boolean atLeastOneBatch) {
        return version < FIRST_VERSION_SERVED_BY_FOLLOWERS && !reads.isLedHere(partition)
                ? CompletableFuture.completedFuture(FetchResult.failed(Errors.NOT_LEADER_OR_FOLLOWER))
                : reads.read(partition, grant, atLeastOneBatch, isolation, follower, nearby);
    }

    private void take(Granted granted) {
        FetchPartition partition = granted.partition();
        FetchResult result = granted.result().join();
        if (bytes > 0 && result.records().size() > granted.grant()) {
            result = result.withoutRecords();
        } else if (result.hasNothingAt(partition.fetchOffset()) && session.isLasting()) {
            // A new high watermark wakes nobody: a follower learns it by its next request.
            if (follower == null || result.highWatermark() >= partition.fetchOffset()) {
                session.idle(partition);
            }
            watch(partition, result, share());
        }
        urgent |= result.isUrgent() || (follower != null && reads.isNews(partition, result));
        bytes += result.records().size();
        FetchResult former = results.put(partition, result);
        if (former != null && result.hasGrownInVain(former)) {
            full.add(partition);
        }
    }

    private void watch(FetchPartition partition, FetchResult seen, long growth) {
        Watch watch = session.watch(partition, seen, growth);
        if (watch != null) {
            reads.watch(partition, watch);
        }
    }

    /** The growth of one partition without which all together cannot give the missing bytes. */
    private long share() {
        long missing = Math.max(minBytes - bytes, 1);
        int growing = session.size() - full.size();
        // A power of two does not change with every round, and so the watches under way remain.
        return growing <= 1 ? missing : Long.highestOneBit(Math.max(missing / growing, 1));
    }

    private void endRound() {
        if (urgent || bytes >= minBytes || !waits()) {
            answer();
            return;
        }
        long share = share();
        results.forEach((partition, result) -> watch(partition, result, full.contains(partition) ? NEVER : share));
        session.watchSooner(share, full).forEach(reads::watch);
        giveTurn();
        if (!session.await(wakesSeen, this::resume)) {
            resume();
        }
    }

    private void resume() {
        if (!takeTurn()) {
            return;
        }
        try {
            if (!session.isLasting() || session.isAwaited(epoch)) {
                round();
            } else {
                answer();
            }
        } catch (RuntimeException e) {
            giveUp(e);
        }
    }

    private void abandon() {
        synchronized (this) {
            abandoned = true;
        }
        expire();
    }

    private void expire() {
        synchronized (this) {
            expired = true;
        }
        if (!takeTurn()) {
            return;
        }
        try {
            if (isAwaited() && session.mayHaveGrown()) {
                round();
            } else {
                answer();
            }
        } catch (RuntimeException e) {
            giveUp(e);
        }
    }

    private synchronized boolean isAwaited() {
        return !abandoned;
    }

    private synchronized boolean waits() {
        return !expired;
    }

    /** Lets the next wake of the session, or the deadline, continue this request on its thread. */
    private void giveTurn() {
        boolean late;
        synchronized (this) {
            waiting = true;
            late = expired;
        }
        if (late) {
            expire();
        }
    }

    private synchronized boolean takeTurn() {
        boolean mine = waiting;
        waiting = false;
        return mine;
    }

    private void answer() {
        if (deadline != null) {
            deadline.cancel();
        }
        if (connectionEnd != null) {
            connectionEnd.cancel();
        }
        reply.complete(new FetchReply(session, answersAll, version, reads, connection, follower == null, quota)
                .of(results, epoch, bytes));
        if (!session.isLasting()) {
            session.end();
        }
    }

    private record Granted(FetchPartition partition, int grant, CompletableFuture<FetchResult> result) {}
}
