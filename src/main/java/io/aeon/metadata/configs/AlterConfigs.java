package io.aeon.metadata.configs;

import io.aeon.metadata.configs.ConfigChanges.Change;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.requests.ApiError;

/** The two requests that change settings: AlterConfigs and IncrementalAlterConfigs (KIP-339). */
public final class AlterConfigs {
    private AlterConfigs() {}

    /** @param receiver the checks of the node that has received the request */
    public static CompletableFuture<IncrementalAlterConfigsResponseData> incremental(
            BrokerChanges receiver,
            IncrementalAlterConfigsRequestData request,
            Function<
                            Map<ConfigResource, Map<String, Map.Entry<OpType, String>>>,
                            CompletableFuture<Map<ConfigResource, ApiError>>>
                    controller) {
        List<Change<Map.Entry<OpType, String>>> changes = new ArrayList<>();
        request.resources().forEach(resource -> {
            List<Map.Entry<String, Map.Entry<OpType, String>>> settings = new ArrayList<>();
            resource.configs()
                    .forEach(config -> settings.add(Map.entry(
                            config.name(), new SimpleEntry<>(OpType.forId(config.configOperation()), config.value()))));
            changes.add(new Change<>(resource.resourceType(), resource.resourceName(), settings));
        });
        return ConfigChanges.incremental(receiver, changes).apply(controller).thenApply(results -> {
            IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
            results.forEach(result -> response.responses()
                    .add(new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
                            .setResourceType(result.getKey().type())
                            .setResourceName(result.getKey().name())
                            .setErrorCode(result.getValue().error().code())
                            .setErrorMessage(result.getValue().message())));
            return response;
        });
    }

    /** @param receiver the checks of the node that has received the request */
    public static CompletableFuture<AlterConfigsResponseData> replacing(
            BrokerChanges receiver,
            AlterConfigsRequestData request,
            Function<Map<ConfigResource, Map<String, String>>, CompletableFuture<Map<ConfigResource, ApiError>>>
                    controller) {
        List<Change<String>> changes = new ArrayList<>();
        request.resources().forEach(resource -> {
            List<Map.Entry<String, String>> settings = new ArrayList<>();
            resource.configs().forEach(config -> settings.add(new SimpleEntry<>(config.name(), config.value())));
            changes.add(new Change<>(resource.resourceType(), resource.resourceName(), settings));
        });
        return ConfigChanges.replacing(receiver, changes).apply(controller).thenApply(results -> {
            AlterConfigsResponseData response = new AlterConfigsResponseData();
            results.forEach(result -> response.responses()
                    .add(new AlterConfigsResponseData.AlterConfigsResourceResponse()
                            .setResourceType(result.getKey().type())
                            .setResourceName(result.getKey().name())
                            .setErrorCode(result.getValue().error().code())
                            .setErrorMessage(result.getValue().message())));
            return response;
        });
    }
}
