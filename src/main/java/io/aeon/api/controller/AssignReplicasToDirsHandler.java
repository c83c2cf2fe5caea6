package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.QuorumNode;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AssignReplicasToDirsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** AssignReplicasToDirs (KIP-858). */
public final class AssignReplicasToDirsHandler implements ApiHandler<AssignReplicasToDirsRequestData> {
    private final QuorumNode node;

    public AssignReplicasToDirsHandler(QuorumNode node) {
        this.node = node;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ASSIGN_REPLICAS_TO_DIRS;
    }

    @Override
    public CompletionStage<Reply> handle(AssignReplicasToDirsRequestData request, RequestContext context) {
        return node.assignReplicasToDirs(request).thenApply(Reply::of);
    }
}
