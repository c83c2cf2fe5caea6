package io.aeon.api.configs;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Controller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** AlterConfigs (KIP-133), which replaces all settings of a resource. */
public final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequestData> {
    private final Controller controller;

    public AlterConfigsHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<Reply> handle(AlterConfigsRequestData request, RequestContext context) {
        return controller.alterConfigs(request).thenApply(Reply::of);
    }
}
