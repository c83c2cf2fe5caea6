package io.aeon.api.fetch;

import io.aeon.api.ClientConnection;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.requests.FetchMetadata;

/**
 * The incremental fetch sessions (KIP-227), a bounded number of them. When all slots are taken, a new session replaces
 * one that has not been used for two minutes. If there is none, it replaces one that is older than two minutes and has
 * fewer partitions than the new session. The session of a follower replaces that of any consumer, and no other session
 * replaces it while it is used. When their memory is taken, sessions that have not been used for two minutes
 * end, those unused for longest first. Otherwise the client gets no session. A session ends with the connection that
 * created it. Thread-safe; no request waits for a request of another session.
 */
final class FetchSessions {
    private static final long EVICTION_MS = 120_000;
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 13;
    private final Clock clock;
    private final Executor pool;
    private final ConcurrentHashMap<Integer, FetchSession> sessions = new ConcurrentHashMap<>();
    private final Semaphore freeSlots;
    private final FetchMemory memory;

    /**
     * @param memory for the partitions of all sessions
     * @param pool executor on which a wake resumes the waiting request
     */
    FetchSessions(int slots, FetchMemory memory, Clock clock, Executor pool) {
        this.memory = memory;
        this.pool = pool;
        this.clock = clock;
        this.freeSlots = new Semaphore(Math.max(slots, 0));
    }

    /**
     * The session of a request, after the request has been applied to it. A session with the id
     * {@link FetchSession#NO_ID} serves this request only.
     *
     * @throws org.apache.kafka.common.errors.ApiException the session is unknown or at another epoch
     */
    FetchSession of(FetchRequestData request, short version, ClientConnection connection) {
        boolean full = request.sessionEpoch() == FetchMetadata.INITIAL_EPOCH
                || request.sessionEpoch() == FetchMetadata.FINAL_EPOCH;
        if (!full) {
            return incremental(request, version);
        }
        FetchSession former = sessions.get(request.sessionId());
        if (former != null) {
            remove(former);
        }
        List<WantedPartition> wanted = WantedPartition.of(request, byId(version));
        long bytes = wanted.stream()
                .mapToLong(each -> SessionPartitions.heapBytes(each.key()))
                .sum();
        return request.sessionEpoch() == FetchMetadata.INITIAL_EPOCH
                        && takeSlot(wanted.size(), bytes, isOfFollower(request))
                ? lasting(wanted, bytes, byId(version), isOfFollower(request), connection)
                : single(wanted, byId(version));
    }

    private FetchSession single(List<WantedPartition> wanted, boolean byId) {
        FetchSession session = new FetchSession(FetchSession.NO_ID, byId, false, 0, pool);
        session.update(wanted);
        return session;
    }

    private static boolean byId(short version) {
        return version >= FIRST_VERSION_WITH_TOPIC_IDS;
    }

    /** @param taken bytes of memory; a partition that is wanted twice is in them twice */
    private FetchSession lasting(
            List<WantedPartition> wanted, long taken, boolean byId, boolean ofFollower, ClientConnection connection) {
        while (true) {
            int id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
            FetchSession session = new FetchSession(id, byId, ofFollower, clock.millis(), pool);
            session.update(wanted);
            if (sessions.putIfAbsent(id, session) == null) {
                memory.add(session.heapBytes() - taken);
                session.endsWith(connection.onEnd(() -> remove(session)));
                return session;
            }
        }
    }

    private FetchSession incremental(FetchRequestData request, short version) {
        FetchSession session = sessions.get(request.sessionId());
        if (session == null) {
            throw new FetchSessionIdNotFoundException("no session " + request.sessionId());
        }
        long grownBy = session.next(request, byId(version), clock.millis());
        boolean fits = memory.add(grownBy) || grownBy <= 0 || relieved();
        if (session.size() == 0) {
            remove(session);
            return new FetchSession(FetchSession.NO_ID, byId(version), false, clock.millis(), pool);
        }
        if (!fits) {
            remove(session);
            throw new FetchSessionIdNotFoundException("all sessions together hold too many partitions");
        }
        return session;
    }

    /** Takes memory and a slot for a session, if necessary those of other sessions; false if there are none. */
    private boolean takeSlot(int size, long bytes, boolean ofFollower) {
        if (bytes > memory.most()) {
            return false;
        }
        if (!memory.add(bytes) && !relieved()) {
            memory.add(-bytes);
            return false;
        }
        boolean taken = freeSlots.tryAcquire()
                || evictable(size, ofFollower).filter(this::takeOut).isPresent();
        if (!taken) {
            memory.add(-bytes);
        }
        return taken;
    }

    /** Ends stale sessions as long as too much memory is taken; false if that is not enough. */
    private boolean relieved() {
        while (memory.isExceeded()) {
            Optional<FetchSession> stale = stale(clock.millis());
            if (stale.isEmpty()) {
                return false;
            }
            remove(stale.get());
        }
        return true;
    }

    private Optional<FetchSession> stale(long now) {
        return sessions.values().stream()
                .min(Comparator.comparingLong(FetchSession::lastUsedMs))
                .filter(session -> now - session.lastUsedMs() > EVICTION_MS);
    }

    private Optional<FetchSession> evictable(int size, boolean forFollower) {
        long now = clock.millis();
        Optional<FetchSession> stale = stale(now);
        return stale.isPresent()
                ? stale
                : sessions.values().stream()
                        .filter(session -> !session.isOfFollower())
                        .filter(session -> forFollower || now - session.createdMs() > EVICTION_MS)
                        .min(Comparator.comparingInt(FetchSession::size).thenComparingInt(FetchSession::id))
                        .filter(session -> forFollower || session.size() < size);
    }

    private static boolean isOfFollower(FetchRequestData request) {
        return request.replicaId() >= 0 || request.replicaState().replicaId() >= 0;
    }

    /** Ends a session. Idempotent. */
    void remove(FetchSession session) {
        if (takeOut(session)) {
            freeSlots.release();
        }
    }

    /** Ends a session and leaves its slot to the caller; false if another thread has ended it. */
    private boolean takeOut(FetchSession session) {
        boolean mine = sessions.remove(session.id(), session);
        if (mine) {
            memory.add(-session.end());
        }
        return mine;
    }
}
