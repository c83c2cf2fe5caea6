package io.aeon.api.configs;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.topics.PartitionLimit;
import io.aeon.metadata.Controller;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** AlterConfigs (KIP-133), which replaces all settings of a resource. */
public final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequestData> {
    private final Controller controller;
    private final PartitionLimit limit;

    /** @param limit of the heap that the settings of topics take */
    public AlterConfigsHandler(Controller controller, PartitionLimit limit) {
        this.controller = controller;
        this.limit = limit;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<Reply> handle(AlterConfigsRequestData request, RequestContext context) {
        List<AlterConfigsResourceResponse> answered = new ArrayList<>();
        request.resources().removeIf(resource -> {
            Optional<ApiError> refused = refused(resource, request.validateOnly());
            refused.ifPresent(error -> answered.add(new AlterConfigsResourceResponse()
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName())
                    .setErrorCode(error.error().code())
                    .setErrorMessage(error.message())));
            return refused.isPresent();
        });
        return controller.alterConfigs(request).thenApply(response -> {
            response.responses().addAll(answered);
            return Reply.of(response);
        });
    }

    private Optional<ApiError> refused(AlterConfigsResource resource, boolean validateOnly) {
        Map<String, @Nullable String> settings = new HashMap<>();
        resource.configs().forEach(config -> settings.put(config.name(), config.value()));
        return limit.ofSettings(
                new ConfigResource(ConfigResource.Type.forId(resource.resourceType()), resource.resourceName()),
                settings,
                validateOnly);
    }
}
