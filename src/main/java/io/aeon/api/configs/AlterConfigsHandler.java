package io.aeon.api.configs;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Metadata;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** AlterConfigs (KIP-133), which replaces all settings of a resource. */
public final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequestData> {
    private final Metadata metadata;

    public AlterConfigsHandler(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<Reply> handle(AlterConfigsRequestData request, RequestContext context) {
        return metadata.alterConfigs(request).thenApply(Reply::of);
    }
}
