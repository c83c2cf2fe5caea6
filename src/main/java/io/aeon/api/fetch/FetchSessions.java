package io.aeon.api.fetch;

import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.FetchSessionTopicIdException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.requests.FetchMetadata;

/**
 * The incremental fetch sessions (KIP-227), a bounded number of them. When all slots are taken, a new session takes the
 * one of a session not used for two minutes, or, after the same time of its existence, of one with fewer partitions;
 * otherwise its client goes without. Thread-safe.
 */
final class FetchSessions {
    private static final long EVICTION_MS = 120_000;
    private static final int FIRST_VERSION_WITH_TOPIC_IDS = 13;

    private final int slots;
    private final Clock clock;
    private final Executor pool;
    private final Map<Integer, FetchSession> sessions = new HashMap<>();

    /** @param pool where requests go on that a partition wakes */
    FetchSessions(int slots, Clock clock, Executor pool) {
        this.pool = pool;
        this.slots = slots;
        this.clock = clock;
    }

    /**
     * The session of a request, brought up to date with it; one of id {@link FetchSession#NO_ID} serves this request
     * only.
     *
     * @throws org.apache.kafka.common.errors.ApiException the session is not known, or not at this epoch
     */
    synchronized FetchSession of(FetchRequestData request, short version) {
        boolean byId = version >= FIRST_VERSION_WITH_TOPIC_IDS;
        List<WantedPartition> wanted = WantedPartition.of(request, byId);
        boolean full = request.sessionEpoch() == FetchMetadata.INITIAL_EPOCH
                || request.sessionEpoch() == FetchMetadata.FINAL_EPOCH;
        if (!full) {
            return incremental(request, byId, wanted);
        }
        remove(request.sessionId());
        boolean lasting = request.sessionEpoch() == FetchMetadata.INITIAL_EPOCH && takeSlot(wanted.size());
        FetchSession session = new FetchSession(lasting ? freeId() : FetchSession.NO_ID, byId, clock.millis(), pool);
        session.update(wanted);
        if (lasting) {
            sessions.put(session.id(), session);
        }
        return session;
    }

    /** A session for this request only, whatever it asks for. */
    static FetchSession single(FetchRequestData request, short version) {
        boolean byId = version >= FIRST_VERSION_WITH_TOPIC_IDS;
        FetchSession session = new FetchSession(FetchSession.NO_ID, byId, 0, Runnable::run);
        session.update(WantedPartition.of(request, byId));
        return session;
    }

    private FetchSession incremental(FetchRequestData request, boolean byId, List<WantedPartition> wanted) {
        FetchSession session = sessions.get(request.sessionId());
        if (session == null) {
            throw new FetchSessionIdNotFoundException("no session " + request.sessionId());
        }
        if (session.epoch() != request.sessionEpoch()) {
            throw new InvalidFetchSessionEpochException("session " + session.id() + " is at epoch " + session.epoch());
        }
        if (session.usesTopicIds() != byId) {
            throw new FetchSessionTopicIdException("session " + session.id() + " names topics the other way");
        }
        session.update(wanted);
        session.forget(WantedPartition.forgotten(request, byId));
        if (session.size() == 0) {
            remove(session.id());
            return new FetchSession(FetchSession.NO_ID, byId, clock.millis(), pool);
        }
        session.used(clock.millis());
        return session;
    }

    private boolean takeSlot(int size) {
        if (sessions.size() < slots) {
            return true;
        }
        Optional<FetchSession> evicted = evictable(size);
        evicted.ifPresent(session -> remove(session.id()));
        return evicted.isPresent();
    }

    private Optional<FetchSession> evictable(int size) {
        long now = clock.millis();
        Collection<FetchSession> all = sessions.values();
        Optional<FetchSession> stale = all.stream()
                .min(Comparator.comparingLong(FetchSession::lastUsedMs))
                .filter(session -> now - session.lastUsedMs() > EVICTION_MS);
        return stale.isPresent()
                ? stale
                : all.stream()
                        .filter(session -> now - session.createdMs() > EVICTION_MS)
                        .min(Comparator.comparingInt(FetchSession::size).thenComparingInt(FetchSession::id))
                        .filter(session -> session.size() < size);
    }

    private int freeId() {
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        return id;
    }

    private void remove(int id) {
        FetchSession session = sessions.remove(id);
        if (session != null) {
            session.end();
        }
    }
}
