package io.aeon.api.topics;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Metadata;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ElectLeaders (KIP-460). */
public final class ElectLeadersHandler implements ApiHandler<ElectLeadersRequestData> {
    private final Metadata metadata;

    public ElectLeadersHandler(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ELECT_LEADERS;
    }

    @Override
    public CompletionStage<Reply> handle(ElectLeadersRequestData request, RequestContext context) {
        return metadata.electLeaders(request).thenApply(Reply::of);
    }
}
