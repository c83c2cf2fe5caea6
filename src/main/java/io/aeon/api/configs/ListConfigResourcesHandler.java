package io.aeon.api.configs;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.BrokerNodes;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData.ConfigResource;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** ListConfigResources (KIP-1142): the resources that have settings. Version 0 lists client metrics only. */
public final class ListConfigResourcesHandler implements ApiHandler<ListConfigResourcesRequestData> {
    private static final Set<Byte> KNOWN = Set.of(
            Type.GROUP.id(), Type.CLIENT_METRICS.id(), Type.BROKER_LOGGER.id(), Type.BROKER.id(), Type.TOPIC.id());
    private static final Set<Byte> OF_VERSION_0 = Set.of(Type.CLIENT_METRICS.id());

    /** Heap of one resource in an answer, with its name encoded. */
    private static final long RESOURCE = 128;

    private final Metadata metadata;

    public ListConfigResourcesHandler(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_CONFIG_RESOURCES;
    }

    /** Topics and groups may be many. */
    @Override
    public long answerBytes(ListConfigResourcesRequestData request, short version) {
        Set<Byte> types = types(request, version);
        ClusterImage image = metadata.image();
        long topics = types.contains(Type.TOPIC.id()) ? image.topics().size() : 0;
        long groups = types.contains(Type.GROUP.id()) ? image.configuredGroups().size() : 0;
        return AnswerSizes.unlessFew(RESOURCE * (topics + groups));
    }

    @Override
    public CompletionStage<Reply> handle(ListConfigResourcesRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(answer(types(request, context.version()), context)));
    }

    private static Set<Byte> types(ListConfigResourcesRequestData request, short version) {
        if (version == 0) {
            return OF_VERSION_0;
        }
        return request.resourceTypes().isEmpty() ? KNOWN : Set.copyOf(request.resourceTypes());
    }

    private ListConfigResourcesResponseData answer(Set<Byte> types, RequestContext context) {
        if (!KNOWN.containsAll(types)) {
            return new ListConfigResourcesResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        }
        List<ConfigResource> resources = Stream.of(
                        Type.GROUP, Type.CLIENT_METRICS, Type.BROKER_LOGGER, Type.BROKER, Type.TOPIC)
                .filter(type -> types.contains(type.id()))
                .flatMap(type -> names(type, context)
                        .map(name ->
                                new ConfigResource().setResourceType(type.id()).setResourceName(name)))
                .toList();
        return new ListConfigResourcesResponseData().setConfigResources(resources);
    }

    private Stream<String> names(Type type, RequestContext context) {
        return switch (type) {
            case TOPIC -> metadata.image().topics().stream().map(topic -> topic.name());
            case GROUP -> metadata.image().configuredGroups().stream();
            case CLIENT_METRICS -> metadata.image().metricsSubscriptions().keySet().stream();
            default ->
                BrokerNodes.seenFrom(context.connection(), metadata).inService().stream()
                        .map(Node::idString);
        };
    }
}
