package io.aeon.api.fetch;

import io.aeon.api.ClientConnection;
import io.aeon.api.Isolations;
import io.aeon.api.Reply;
import io.aeon.api.quotas.Throttle;
import io.aeon.broker.Timer;
import io.aeon.broker.partition.Follower;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Watch;
import java.util.HashMap;
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
    /** As often the width of a wave may double: then it has all partitions that a request can name. */
    private static final int WIDEST = 30;
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
    private final FetchWait wait;
    private final LongFunction<Throttle> quota;
    private final Isolation isolation;
    private final boolean answersAll;
    private final int epoch;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final Map<FetchPartition, FetchResult> results = new LinkedHashMap<>();
    /** What earlier rounds read; their records are closed. */
    private final Map<FetchPartition, FetchResult> earlier = new HashMap<>();
    /** Partitions that have grown and still gave no more bytes, because their limit is reached. */
    private final Set<FetchPartition> full = new HashSet<>();

    private List<FetchPartition> ready = List.of();
    private int next;
    /** How often the width of a wave has doubled. */
    private int doubled;

    private long bytes;
    private boolean urgent;
    private long wakesSeen;
    private volatile ReadWave reading = new ReadWave();

    /**
     * @param follower the broker that asks as a follower; null for a consumer
     * @param mostBytes this broker's limit for the bytes of records in one response
     * @param quota whether the client may have so many bytes of records now
     * @param timer for the longest wait
     */
    PendingFetch(
            FetchRequestData request,
            short version,
            @Nullable Follower follower,
            ClientConnection connection,
            FetchSession session,
            PartitionReads reads,
            int mostBytes,
            LongFunction<Throttle> quota,
            Timer timer) {
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
        this.wait = new FetchWait(timer, this::endWait, () -> reading.cut());
        this.quota = quota;
        Isolation asked = Isolations.of(request.isolationLevel());
        this.isolation = follower == null ? asked : Isolation.LOG_END;
        this.answersAll = request.sessionEpoch() <= FetchMetadata.INITIAL_EPOCH;
        this.epoch = session.epoch();
    }

    /** @param maxWaitMs how long the request may wait for records */
    CompletableFuture<Reply> start(int maxWaitMs) {
        wait.begin(minBytes <= 0 || session.size() == 0 ? 0 : maxWaitMs, connection);
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
        earlier.putAll(results);
        results.replaceAll((partition, result) -> result.withoutRecords());
        bytes = 0;
        ready = session.ready();
        next = 0;
        doubled = 0;
        readOn();
    }

    private void readOn() {
        for (ReadWave wave = nextWave(); !wave.isEmpty(); wave = nextWave()) {
            ReadWave now = wave;
            CompletableFuture<?> over = now.over();
            if (!over.isDone()) {
                over.thenRun(() -> {
                            takeAll(now);
                            readOn();
                        })
                        .exceptionally(this::giveUp);
                return;
            }
            takeAll(now);
        }
        endRound();
    }

    private void takeAll(ReadWave wave) {
        long before = bytes;
        wave.takeAll(this::take);
        doubled = bytes == before ? Math.min(doubled + 1, WIDEST) : 0;
    }

    private @Nullable Void giveUp(Throwable fault) {
        wait.end();
        results.values().forEach(result -> result.records().close());
        reply.completeExceptionally(fault);
        return null;
    }

    /**
     * The next partitions to read in parallel: as many as may fill the rest of the byte budget, and twice as many after
     * each wave that had nothing, because a follower that has just started asks for thousands without records. If one has
     * not answered for long, the next ones are all of the rest, so that the request waits for others like it only once
     * more.
     */
    private ReadWave nextWave() {
        ReadWave wave = new ReadWave();
        reading = wave;
        boolean first = bytes == 0;
        boolean spent = bytes >= maxBytes;
        long left = Math.max(maxBytes - bytes, 0);
        long room = left << (wait.isLate() ? WIDEST : doubled);
        while (next < ready.size() && (spent ? first || answersAll : room > 0)) {
            FetchPartition partition = ready.get(next++);
            int grant = (int) Math.min(Math.max(partition.maxBytes(), 0), Math.min(left, room));
            wave.add(partition, grant, read(partition, grant, first));
            room -= grant;
        }
        return wave;
    }

    private CompletableFuture<FetchResult> read(FetchPartition partition, int grant, boolean atLeastOneBatch) {
        return version < FIRST_VERSION_SERVED_BY_FOLLOWERS && !reads.isLedHere(partition)
                ? CompletableFuture.completedFuture(FetchResult.failed(Errors.NOT_LEADER_OR_FOLLOWER))
                : reads.read(partition, grant, atLeastOneBatch, isolation, follower, nearby);
    }

    private void take(FetchPartition partition, int grant, FetchResult answered) {
        FetchResult result = answered;
        int size = result.records().size();
        if (bytes > 0 && (size > grant || bytes + size > maxBytes)) {
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
        results.put(partition, result);
        FetchResult former = earlier.get(partition);
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
        if (urgent || bytes >= minBytes || wait.isOver()) {
            answer();
            return;
        }
        long share = share();
        results.forEach((partition, result) -> watch(partition, result, full.contains(partition) ? NEVER : share));
        session.watchSooner(share, full).forEach(reads::watch);
        wait.giveTurn();
        if (!session.await(wakesSeen, this::resume)) {
            resume();
        }
    }

    private void resume() {
        if (!wait.takeTurn()) {
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

    private void endWait() {
        try {
            if (!wait.isAbandoned() && session.mayHaveGrown()) {
                round();
            } else {
                answer();
            }
        } catch (RuntimeException e) {
            giveUp(e);
        }
    }

    private void answer() {
        wait.end();
        reply.complete(new FetchReply(session, answersAll, version, reads, connection, follower == null, quota)
                .of(results, epoch, bytes));
        if (!session.isLasting()) {
            session.end();
        }
    }
}
