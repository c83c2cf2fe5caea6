package io.aeon.api.fetch;

import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.quotas.ClientQuotas;
import io.aeon.api.quotas.Throttle;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.partition.Follower;
import io.aeon.broker.replica.ReplicaThrottle;
import io.aeon.config.KafkaSettings;
import io.aeon.metadata.Metadata;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** Fetch for consumers and followers. */
public final class FetchHandler implements ApiHandler<FetchRequestData> {
    /** All sessions together may hold this number of partitions times the slots, if there is memory for them. */
    private static final long PARTITIONS_PER_SLOT = 500;
    /** A request that keeps less while it waits is not counted. */
    private static final long UNCOUNTED = 16 * FetchMemory.PARTITION;

    private static final long UNKNOWN_EPOCH = -1;

    private final FetchSessions sessions;
    private final FetchMemory waits;
    private final PartitionReads reads;
    private final BrokerServices services;
    private final int mostBytes;
    private final ClientQuotas quotas;

    /**
     * @param mostHeap bytes that all sessions may take, and that all requests that wait without a session may take
     * @param clock for the age of fetch sessions
     * @param quotas for the bytes of responses to consumers
     * @param throttle slows down what followers read
     */
    public FetchHandler(
            Metadata metadata,
            BrokerServices services,
            KafkaSettings settings,
            long mostHeap,
            Clock clock,
            ClientQuotas quotas,
            ReplicaThrottle throttle) {
        int slots = settings.getInt("max.incremental.fetch.session.cache.slots");
        FetchMemory memory = new FetchMemory(Math.min(mostHeap, slots * PARTITIONS_PER_SLOT * FetchMemory.PARTITION));
        this.sessions = new FetchSessions(slots, memory, clock, services.pool());
        this.waits = new FetchMemory(mostHeap);
        this.reads = new PartitionReads(
                metadata, services.partitions(), throttle, new ReadReplicas(metadata, settings), services.counters());
        this.services = services;
        this.mostBytes = settings.getInt("fetch.max.bytes");
        this.quotas = quotas;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.FETCH;
    }

    @Override
    public boolean waitsForOthers() {
        return true;
    }

    @Override
    public boolean isLimited() {
        return quotas.exist();
    }

    @Override
    public int throttle(Reply reply, RequestContext context, long requestBytes, long answerBytes) {
        return body(reply).map(FetchResponseData::throttleTimeMs).orElse(0);
    }

    private static Optional<FetchResponseData> body(Reply reply) {
        if (reply instanceof Reply.WithSlices sliced && sliced.body() instanceof FetchResponseData response) {
            return Optional.of(response);
        }
        return reply instanceof Reply.Message message && message.body() instanceof FetchResponseData response
                ? Optional.of(response)
                : Optional.empty();
    }

    @Override
    public CompletionStage<Reply> handle(FetchRequestData request, RequestContext context) {
        FetchSession session;
        try {
            session = sessions.of(request, context.version(), context.connection());
        } catch (ApiException e) {
            return CompletableFuture.completedFuture(Reply.of(
                    new FetchResponseData().setErrorCode(ApiErrors.of(e).code())));
        }
        return quotas.exist() && follower(request) == null
                ? pending(request, context, session, bytes -> quotas.take(context, bytes))
                        .whenComplete((reply, failure) -> endUntold(session, reply))
                : pending(request, context, session, bytes -> Throttle.NONE);
    }

    /** Ends a new session of which its client has not been told. */
    private void endUntold(FetchSession session, @Nullable Reply reply) {
        boolean told = reply == null
                || body(reply)
                        .filter(response -> response.sessionId() == FetchSession.NO_ID)
                        .isEmpty();
        if (session.isLasting() && !told) {
            sessions.remove(session);
        }
    }

    /** A lasting session is counted already. Any other request waits only if there is memory for what it keeps. */
    private CompletionStage<Reply> pending(
            FetchRequestData request, RequestContext context, FetchSession session, LongFunction<Throttle> quota) {
        Follower follower = follower(request);
        int most = follower == null ? quotas.mostAtOnce(context, mostBytes) : mostBytes;
        PendingFetch fetch = new PendingFetch(
                request,
                context.version(),
                follower,
                context.connection(),
                session,
                reads,
                most,
                quota,
                services.timer());
        long kept = session.isLasting() ? 0 : session.heapBytes();
        if (kept <= UNCOUNTED) {
            return fetch.start(request.maxWaitMs());
        }
        if (!waits.take(kept)) {
            return fetch.start(0);
        }
        return fetch.start(request.maxWaitMs()).whenComplete((reply, failure) -> waits.add(-kept));
    }

    /** The broker that asks as a follower; null for a consumer. Versions below 15 do not tell the broker's epoch. */
    private static @Nullable Follower follower(FetchRequestData request) {
        if (request.replicaId() >= 0) {
            return new Follower(request.replicaId(), UNKNOWN_EPOCH);
        }
        ReplicaState replica = request.replicaState();
        return replica.replicaId() >= 0 ? new Follower(replica.replicaId(), replica.replicaEpoch()) : null;
    }
}
