package io.aeon.api.fetch;

import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.BrokerServices;
import io.aeon.config.KafkaSettings;
import io.aeon.metadata.Metadata;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Fetch for consumers. */
public final class FetchHandler implements ApiHandler<FetchRequestData> {
    private final FetchSessions sessions;
    private final PartitionReads reads;
    private final BrokerServices services;
    private final int mostBytes;

    /** @param clock for the age of fetch sessions */
    public FetchHandler(Metadata metadata, BrokerServices services, KafkaSettings settings, Clock clock) {
        this.sessions =
                new FetchSessions(settings.getInt("max.incremental.fetch.session.cache.slots"), clock, services.pool());
        this.reads = new PartitionReads(metadata, services.partitions());
        this.services = services;
        this.mostBytes = settings.getInt("fetch.max.bytes");
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
    public CompletionStage<Reply> handle(FetchRequestData request, RequestContext context) {
        if (isFromReplica(request)) {
            return CompletableFuture.completedFuture(refused(request, context.version()));
        }
        FetchSession session;
        try {
            session = sessions.of(request, context.version(), context.connection());
        } catch (ApiException e) {
            return CompletableFuture.completedFuture(Reply.of(
                    new FetchResponseData().setErrorCode(ApiErrors.of(e).code())));
        }
        return new PendingFetch(request, context.version(), session, reads, mostBytes)
                .start(services.timer(), request.maxWaitMs(), context.connection());
    }

    private static boolean isFromReplica(FetchRequestData request) {
        return request.replicaId() >= 0 || request.replicaState().replicaId() >= 0;
    }

    /** No other broker holds a replica. A client that claims to be one must not read beyond the limits of consumers. */
    private Reply refused(FetchRequestData request, short version) {
        FetchSession session = sessions.single(request, version);
        Map<FetchPartition, FetchResult> results = new LinkedHashMap<>();
        session.ready().forEach(partition -> results.put(partition, reads.refusedToReplica(partition)));
        return new FetchReply(session, true, version).of(results, session.epoch());
    }
}
