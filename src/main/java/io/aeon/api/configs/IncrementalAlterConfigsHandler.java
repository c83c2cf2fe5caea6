package io.aeon.api.configs;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.topics.PartitionLimit;
import io.aeon.metadata.Controller;
import io.aeon.metadata.configs.BrokerLoggers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** IncrementalAlterConfigs (KIP-339). The levels of loggers are changed here, all other settings by the controller. */
public final class IncrementalAlterConfigsHandler implements ApiHandler<IncrementalAlterConfigsRequestData> {
    /** The operation that removes a setting (KIP-339). */
    private static final byte DELETE = 1;

    private final Controller controller;
    private final BrokerLoggers loggers;
    private final PartitionLimit limit;

    /** @param limit of the heap that the settings of topics take */
    public IncrementalAlterConfigsHandler(Controller controller, BrokerLoggers loggers, PartitionLimit limit) {
        this.controller = controller;
        this.loggers = loggers;
        this.limit = limit;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<Reply> handle(IncrementalAlterConfigsRequestData request, RequestContext context) {
        List<AlterConfigsResourceResponse> answered = alterLoggers(request);
        request.resources().removeIf(resource -> BrokerLoggers.isLogger(resource.resourceType()));
        request.resources().removeIf(resource -> {
            Optional<ApiError> refused = refused(resource, request.validateOnly());
            refused.ifPresent(error -> answered.add(result(resource, error)));
            return refused.isPresent();
        });
        return controller.incrementalAlterConfigs(request).thenApply(response -> {
            response.responses().addAll(answered);
            return Reply.of(response);
        });
    }

    private Optional<ApiError> refused(AlterConfigsResource resource, boolean validateOnly) {
        Map<String, @Nullable String> settings = new HashMap<>();
        resource.configs()
                .forEach(config ->
                        settings.put(config.name(), config.configOperation() == DELETE ? null : config.value()));
        return limit.ofSettings(
                new ConfigResource(ConfigResource.Type.forId(resource.resourceType()), resource.resourceName()),
                settings,
                validateOnly);
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
                results.add(result(resource, error));
            }
        }
        return results;
    }

    private static AlterConfigsResourceResponse result(AlterConfigsResource resource, ApiError error) {
        return new AlterConfigsResourceResponse()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName())
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }
}
