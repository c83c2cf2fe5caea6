package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Controller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.UnregisterControllerRequestData;
import org.apache.kafka.common.message.UnregisterControllerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** UnregisterController: removes the registration of a controller that does not come back. */
public final class UnregisterControllerHandler implements ApiHandler<UnregisterControllerRequestData> {
    private final Controller controller;

    public UnregisterControllerHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.UNREGISTER_CONTROLLER;
    }

    @Override
    public CompletionStage<Reply> handle(UnregisterControllerRequestData request, RequestContext context) {
        return controller
                .unregisterController(request.controllerId())
                .thenApply(unregistered -> Reply.of(new UnregisterControllerResponseData()));
    }
}
