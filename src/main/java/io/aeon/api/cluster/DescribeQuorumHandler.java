package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Controller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeQuorum (KIP-595). */
public final class DescribeQuorumHandler implements ApiHandler<DescribeQuorumRequestData> {
    private final Controller controller;

    public DescribeQuorumHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_QUORUM;
    }

    @Override
    public CompletionStage<Reply> handle(DescribeQuorumRequestData request, RequestContext context) {
        return controller.describeQuorum(request, context.version()).thenApply(Reply::of);
    }
}
