package io.aeon.api.topics;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Controller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ElectLeaders (KIP-460). */
public final class ElectLeadersHandler implements ApiHandler<ElectLeadersRequestData> {
    private final Controller controller;

    public ElectLeadersHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ELECT_LEADERS;
    }

    @Override
    public CompletionStage<Reply> handle(ElectLeadersRequestData request, RequestContext context) {
        return controller.electLeaders(request).thenApply(Reply::of);
    }
}
