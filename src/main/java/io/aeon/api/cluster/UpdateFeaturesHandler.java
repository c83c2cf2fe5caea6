package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Controller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** UpdateFeatures (KIP-584, KIP-1022): changes the levels of the cluster's features. */
public final class UpdateFeaturesHandler implements ApiHandler<UpdateFeaturesRequestData> {
    private final Controller controller;

    public UpdateFeaturesHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.UPDATE_FEATURES;
    }

    @Override
    public CompletionStage<Reply> handle(UpdateFeaturesRequestData request, RequestContext context) {
        return controller.updateFeatures(request, context.version()).thenApply(Reply::of);
    }
}
