package io.aeon.api.fetch;

import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.quotas.ClientQuotas;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.partition.PartitionCommand.Follower;
import io.aeon.config.KafkaSettings;
import io.aeon.metadata.Metadata;
import io.aeon.storage.file.LogSlice;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
     * @param quotas for the bytes of responses
     */
    public FetchHandler(
            Metadata metadata,
            BrokerServices services,
            KafkaSettings settings,
            long mostHeap,
            Clock clock,
            ClientQuotas quotas) {
        int slots = settings.getInt("max.incremental.fetch.session.cache.slots");
        FetchMemory memory = new FetchMemory(Math.min(mostHeap, slots * PARTITIONS_PER_SLOT * FetchMemory.PARTITION));
        this.sessions = new FetchSessions(slots, memory, clock, services.pool());
        this.waits = new FetchMemory(mostHeap);
        this.reads = new PartitionReads(metadata, services.partitions());
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
        return reply instanceof Reply.WithSlices sliced && sliced.body() instanceof FetchResponseData response
                ? response.throttleTimeMs()
                : 0;
    }

    /** The records of a consumer count; those of a follower do not. */
    private Reply counted(Reply reply, RequestContext context) {
        if (reply instanceof Reply.WithSlices sliced && sliced.body() instanceof FetchResponseData response) {
            long bytes = sliced.slices().stream().mapToLong(LogSlice::size).sum();
            response.setThrottleTimeMs(quotas.count(context, bytes));
        }
        return reply;
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
        CompletionStage<Reply> answer = pending(request, context, session);
        return quotas.exist() && follower(request) == null
                ? answer.thenApply(reply -> counted(reply, context))
                : answer;
    }

    /** A lasting session is counted already. Any other request waits only if there is memory for what it keeps. */
    private CompletionStage<Reply> pending(FetchRequestData request, RequestContext context, FetchSession session) {
        Follower follower = follower(request);
        int most = follower == null ? quotas.mostAtOnce(context, mostBytes) : mostBytes;
        PendingFetch fetch =
                new PendingFetch(request, context.version(), follower, context.connection(), session, reads, most);
        long kept = session.isLasting() ? 0 : session.heapBytes();
        if (kept <= UNCOUNTED) {
            return fetch.start(services.timer(), request.maxWaitMs());
        }
        if (!waits.take(kept)) {
            return fetch.start(services.timer(), 0);
        }
        return fetch.start(services.timer(), request.maxWaitMs()).whenComplete((reply, failure) -> waits.add(-kept));
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
