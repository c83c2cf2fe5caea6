package io.aeon.api.transactions;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.transaction.TransactionCoordinators;
import io.aeon.coordinator.transaction.EndResult;
import io.aeon.coordinator.transaction.TransactionCommand.EndTransaction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * EndTxn: commits or aborts a transaction. From version 5 the reply has the epoch for the next transaction (KIP-890).
 */
public final class EndTxnHandler implements ApiHandler<EndTxnRequestData> {
    private static final int FIRST_VERSION_WITH_FENCED = 2;
    private static final short FIRST_VERSION_WITH_NEXT_EPOCH = 5;

    private final TransactionCoordinators coordinators;

    public EndTxnHandler(TransactionCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.END_TXN;
    }

    @Override
    public CompletionStage<Reply> handle(EndTxnRequestData request, RequestContext context) {
        short version = context.version();
        return end(request, version).thenApply(result -> {
            EndTxnResponseData response = new EndTxnResponseData()
                    .setErrorCode(ProducerErrors.told(result.error(), version, FIRST_VERSION_WITH_FENCED)
                            .code());
            if (version >= FIRST_VERSION_WITH_NEXT_EPOCH) {
                response.setProducerId(result.producerId()).setProducerEpoch(result.producerEpoch());
            }
            return Reply.of(response);
        });
    }

    private CompletableFuture<EndResult> end(EndTxnRequestData request, short version) {
        if (request.transactionalId().isEmpty()) {
            return CompletableFuture.completedFuture(new EndResult(Errors.INVALID_REQUEST, -1, (short) -1));
        }
        short clientVersion = (short) (version < FIRST_VERSION_WITH_NEXT_EPOCH ? 0 : 2);
        return coordinators.ask(
                request.transactionalId(),
                reply -> new EndTransaction(
                        request.producerId(), request.producerEpoch(), request.committed(), clientVersion, reply));
    }
}
