package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.QuorumNode;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** AlterPartition (KIP-497): the leader of a partition changes its ISR. */
public final class AlterPartitionHandler implements ApiHandler<AlterPartitionRequestData> {
    private final QuorumNode node;

    public AlterPartitionHandler(QuorumNode node) {
        this.node = node;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_PARTITION;
    }

    @Override
    public CompletionStage<Reply> handle(AlterPartitionRequestData request, RequestContext context) {
        return node.alterPartition(request, context.version()).thenApply(Reply::of);
    }
}
