package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Controller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** RemoveRaftVoter (KIP-853) of a client that is connected to a broker. */
public final class RemoveRaftVoterHandler implements ApiHandler<RemoveRaftVoterRequestData> {
    private final Controller controller;

    public RemoveRaftVoterHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.REMOVE_RAFT_VOTER;
    }

    @Override
    public CompletionStage<Reply> handle(RemoveRaftVoterRequestData request, RequestContext context) {
        return controller.removeVoter(request, context.version()).thenApply(Reply::of);
    }
}
