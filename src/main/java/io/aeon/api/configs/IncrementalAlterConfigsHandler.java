package io.aeon.api.configs;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.BrokerLoggers;
import io.aeon.metadata.Controller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** IncrementalAlterConfigs (KIP-339). The levels of loggers are changed here, all other settings by the controller. */
public final class IncrementalAlterConfigsHandler implements ApiHandler<IncrementalAlterConfigsRequestData> {
    private final Controller controller;
    private final BrokerLoggers loggers;

    public IncrementalAlterConfigsHandler(Controller controller, BrokerLoggers loggers) {
        this.controller = controller;
        this.loggers = loggers;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<Reply> handle(IncrementalAlterConfigsRequestData request, RequestContext context) {
        List<AlterConfigsResourceResponse> ofLoggers = alterLoggers(request);
        request.resources().removeIf(resource -> BrokerLoggers.isLogger(resource.resourceType()));
        return controller.incrementalAlterConfigs(request).thenApply(response -> {
            response.responses().addAll(ofLoggers);
            return Reply.of(response);
        });
    }

    private List<AlterConfigsResourceResponse> alterLoggers(IncrementalAlterConfigsRequestData request) {
        List<AlterConfigsResourceResponse> results = new ArrayList<>();
        for (AlterConfigsResource resource : request.resources()) {
            if (BrokerLoggers.isLogger(resource.resourceType())) {
                boolean once = request.resources()
                                .findAll(resource.resourceType(), resource.resourceName())
                                .size()
                        == 1;
                ApiError error = once
                        ? loggers.alter(resource, request.validateOnly())
                        : new ApiError(Errors.INVALID_REQUEST, "Each resource must appear at most once.");
                results.add(new AlterConfigsResourceResponse()
                        .setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName())
                        .setErrorCode(error.error().code())
                        .setErrorMessage(error.message()));
            }
        }
        return results;
    }
}
