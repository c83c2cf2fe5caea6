package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Controller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** AddRaftVoter (KIP-853) of a client that is connected to a broker. */
public final class AddRaftVoterHandler implements ApiHandler<AddRaftVoterRequestData> {
    private final Controller controller;

    public AddRaftVoterHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ADD_RAFT_VOTER;
    }

    @Override
    public CompletionStage<Reply> handle(AddRaftVoterRequestData request, RequestContext context) {
        return controller.addVoter(request, context.version()).thenApply(Reply::of);
    }
}
