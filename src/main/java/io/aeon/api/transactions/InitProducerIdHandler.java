package io.aeon.api.transactions;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.transaction.TransactionServices;
import io.aeon.coordinator.transaction.InitResult;
import io.aeon.coordinator.transaction.TransactionCommand.Expected;
import io.aeon.coordinator.transaction.TransactionCommand.InitProducer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * InitProducerId (KIP-98, KIP-360): the id of an idempotent producer, or the id and epoch of a transactional producer.
 * The new epoch fences the former producer with the same transactional id.
 */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequestData> {
    private static final int NONE = -1;
    private static final int FIRST_VERSION_WITH_FENCED = 4;

    private final TransactionServices transactions;

    public InitProducerIdHandler(TransactionServices transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    /** Kafka does not advertise the version after this one. */
    @Override
    public short latestVersion() {
        return 5;
    }

    @Override
    public CompletionStage<Reply> handle(InitProducerIdRequestData request, RequestContext context) {
        return begin(request).thenApply(result -> {
            Errors error = ProducerErrors.told(result.error(), context.version(), FIRST_VERSION_WITH_FENCED);
            return Reply.of(new InitProducerIdResponseData()
                    .setErrorCode(error.code())
                    .setProducerId(result.producerId())
                    .setProducerEpoch(result.producerEpoch()));
        });
    }

    private CompletableFuture<InitResult> begin(InitProducerIdRequestData request) {
        String transactionalId = request.transactionalId();
        boolean known = request.producerId() != NONE;
        if (known != (request.producerEpoch() != NONE) || (transactionalId != null && transactionalId.isEmpty())) {
            return CompletableFuture.completedFuture(refused(Errors.INVALID_REQUEST));
        }
        if (transactionalId == null) {
            return transactions
                    .producerIds()
                    .next()
                    .thenApply(id -> new InitResult(Errors.NONE, id, (short) 0))
                    .exceptionally(failure -> refused(Errors.COORDINATOR_LOAD_IN_PROGRESS));
        }
        Expected expected = known ? new Expected(request.producerId(), request.producerEpoch()) : null;
        return transactions
                .coordinators()
                .ask(transactionalId, reply -> new InitProducer(request.transactionTimeoutMs(), expected, reply));
    }

    private static InitResult refused(Errors error) {
        return new InitResult(error, NONE, (short) NONE);
    }
}
