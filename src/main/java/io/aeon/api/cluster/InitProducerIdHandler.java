package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.ProducerIds;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** InitProducerId (KIP-98, KIP-360): an id for an idempotent producer. There are no transactions yet. */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequestData> {
    private static final int NONE = -1;

    private final ProducerIds ids;

    public InitProducerIdHandler(ProducerIds ids) {
        this.ids = ids;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    /** Kafka keeps the one after it to itself. */
    @Override
    public short latestVersion() {
        return 5;
    }

    @Override
    public CompletionStage<Reply> handle(InitProducerIdRequestData request, RequestContext context) {
        Errors refusal = refusal(request);
        if (refusal != Errors.NONE) {
            return CompletableFuture.completedFuture(Reply.of(refused(refusal)));
        }
        return ids.next()
                .thenApply(
                        id -> new InitProducerIdResponseData().setProducerId(id).setProducerEpoch((short) 0))
                .exceptionally(failure -> refused(Errors.COORDINATOR_LOAD_IN_PROGRESS))
                .thenApply(Reply::of);
    }

    private static Errors refusal(InitProducerIdRequestData request) {
        if ((request.producerId() == NONE) != (request.producerEpoch() == NONE)) {
            return Errors.INVALID_REQUEST;
        }
        if (request.transactionalId() == null) {
            return Errors.NONE;
        }
        return request.transactionalId().isEmpty()
                ? Errors.INVALID_REQUEST
                : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }

    private static InitProducerIdResponseData refused(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(NONE)
                .setProducerEpoch((short) NONE);
    }
}
