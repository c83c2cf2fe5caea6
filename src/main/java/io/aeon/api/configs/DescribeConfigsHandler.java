package io.aeon.api.configs;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.configs.BrokerLoggers;
import io.aeon.metadata.configs.ConfigDescriptions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeConfigs (KIP-133, KIP-226, KIP-569). */
public final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequestData> {
    private final Metadata metadata;
    private final ConfigDescriptions descriptions;
    private final BrokerLoggers loggers;

    public DescribeConfigsHandler(Metadata metadata, ConfigDescriptions descriptions, BrokerLoggers loggers) {
        this.metadata = metadata;
        this.descriptions = descriptions;
        this.loggers = loggers;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public long answerBytes(DescribeConfigsRequestData request, short version) {
        ClusterImage image = metadata.image();
        return AnswerSizes.unlessFew(distinct(request).stream()
                .mapToLong(resource -> descriptions.heapBytes(resource, request, image))
                .sum());
    }

    @Override
    public CompletionStage<Reply> handle(DescribeConfigsRequestData request, RequestContext context) {
        ClusterImage image = metadata.image();
        DescribeConfigsResponseData response = new DescribeConfigsResponseData();
        distinct(request)
                .forEach(resource -> response.results()
                        .add(
                                BrokerLoggers.isLogger(resource.resourceType())
                                        ? loggers.describe(resource)
                                        : descriptions.describe(resource, request, image)));
        return CompletableFuture.completedFuture(Reply.of(response));
    }

    /** A resource that is named many times is described once, with all settings that are asked for. */
    private static Collection<DescribeConfigsResource> distinct(DescribeConfigsRequestData request) {
        Map<String, DescribeConfigsResource> distinct = new LinkedHashMap<>();
        request.resources()
                .forEach(resource -> distinct.merge(
                        resource.resourceType() + ":" + resource.resourceName(),
                        resource,
                        DescribeConfigsHandler::together));
        return distinct.values();
    }

    private static DescribeConfigsResource together(DescribeConfigsResource one, DescribeConfigsResource other) {
        List<String> some = one.configurationKeys();
        List<String> more = other.configurationKeys();
        boolean all = some == null || some.isEmpty() || more == null || more.isEmpty();
        Set<String> keys = new LinkedHashSet<>();
        if (!all) {
            keys.addAll(some);
            keys.addAll(more);
        }
        return new DescribeConfigsResource()
                .setResourceType(one.resourceType())
                .setResourceName(one.resourceName())
                .setConfigurationKeys(all ? null : List.copyOf(keys));
    }
}
