package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.QuorumNode;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** BrokerHeartbeat (KIP-631). */
public final class BrokerHeartbeatHandler implements ApiHandler<BrokerHeartbeatRequestData> {
    private final QuorumNode node;

    public BrokerHeartbeatHandler(QuorumNode node) {
        this.node = node;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.BROKER_HEARTBEAT;
    }

    @Override
    public CompletionStage<Reply> handle(BrokerHeartbeatRequestData request, RequestContext context) {
        return node.heartbeat(request, context.version()).thenApply(Reply::of);
    }
}
