package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Metadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * UnregisterBroker (KIP-500). This broker does not unregister itself, because its partitions would lose their leader.
 */
public final class UnregisterBrokerHandler implements ApiHandler<UnregisterBrokerRequestData> {
    private final Metadata metadata;

    public UnregisterBrokerHandler(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.UNREGISTER_BROKER;
    }

    @Override
    public CompletionStage<Reply> handle(UnregisterBrokerRequestData request, RequestContext context) {
        if (request.brokerId() == metadata.nodeId()) {
            return CompletableFuture.failedFuture(new InvalidRequestException(
                    "Broker " + request.brokerId() + " is running; only a stopped broker can be unregistered"));
        }
        return metadata.controller()
                .unregisterBroker(request.brokerId())
                .thenApply(unregistered -> Reply.of(new UnregisterBrokerResponseData()));
    }
}
