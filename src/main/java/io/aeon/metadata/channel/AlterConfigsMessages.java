package io.aeon.metadata.channel;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** Changes of settings as a broker sends them to the controller, and the results as it receives them. */
public final class AlterConfigsMessages {
    private AlterConfigsMessages() {}

    public static IncrementalAlterConfigsRequestData incremental(
            Map<ConfigResource, Map<String, Map.Entry<OpType, String>>> changes, boolean validateOnly) {
        IncrementalAlterConfigsRequestData request =
                new IncrementalAlterConfigsRequestData().setValidateOnly(validateOnly);
        changes.forEach((resource, settings) -> {
            var changed = new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                    .setResourceType(resource.type().id())
                    .setResourceName(resource.name());
            settings.forEach((name, change) -> changed.configs()
                    .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                            .setName(name)
                            .setConfigOperation(change.getKey().id())
                            .setValue(change.getValue())));
            request.resources().add(changed);
        });
        return request;
    }

    public static AlterConfigsRequestData replacing(
            Map<ConfigResource, Map<String, String>> changes, boolean validateOnly) {
        AlterConfigsRequestData request = new AlterConfigsRequestData().setValidateOnly(validateOnly);
        changes.forEach((resource, settings) -> {
            var changed = new AlterConfigsRequestData.AlterConfigsResource()
                    .setResourceType(resource.type().id())
                    .setResourceName(resource.name());
            settings.forEach((name, value) -> changed.configs()
                    .add(new AlterConfigsRequestData.AlterableConfig()
                            .setName(name)
                            .setValue(value)));
            request.resources().add(changed);
        });
        return request;
    }

    public static Map<ConfigResource, ApiError> results(IncrementalAlterConfigsResponseData response) {
        Map<ConfigResource, ApiError> results = new HashMap<>();
        response.responses()
                .forEach(result -> results.put(
                        resource(result.resourceType(), result.resourceName()),
                        error(result.errorCode(), result.errorMessage())));
        return results;
    }

    public static Map<ConfigResource, ApiError> results(AlterConfigsResponseData response) {
        Map<ConfigResource, ApiError> results = new HashMap<>();
        response.responses()
                .forEach(result -> results.put(
                        resource(result.resourceType(), result.resourceName()),
                        error(result.errorCode(), result.errorMessage())));
        return results;
    }

    private static ConfigResource resource(byte type, String name) {
        return new ConfigResource(ConfigResource.Type.forId(type), name);
    }

    private static ApiError error(short code, String message) {
        return new ApiError(Errors.forCode(code), message);
    }
}
