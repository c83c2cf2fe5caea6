package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.QuorumNode;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** One API of the metadata quorum's own protocol; see {@link QuorumNode#raft}. */
public final class RaftHandler implements ApiHandler<ApiMessage> {
    private final ApiKeys key;
    private final QuorumNode node;

    public RaftHandler(ApiKeys key, QuorumNode node) {
        this.key = key;
        this.node = node;
    }

    @Override
    public ApiKeys key() {
        return key;
    }

    @Override
    public CompletionStage<Reply> handle(ApiMessage request, RequestContext context) {
        return node.raft(request, context.version(), context.correlationId()).thenApply(Reply::of);
    }
}
