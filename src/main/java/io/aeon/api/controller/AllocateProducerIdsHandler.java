package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.QuorumNode;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** AllocateProducerIds (KIP-730). */
public final class AllocateProducerIdsHandler implements ApiHandler<AllocateProducerIdsRequestData> {
    private final QuorumNode node;

    public AllocateProducerIdsHandler(QuorumNode node) {
        this.node = node;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ALLOCATE_PRODUCER_IDS;
    }

    @Override
    public CompletionStage<Reply> handle(AllocateProducerIdsRequestData request, RequestContext context) {
        return node.allocateProducerIds(request).thenApply(Reply::of);
    }
}
