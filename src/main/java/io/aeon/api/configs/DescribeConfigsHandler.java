package io.aeon.api.configs;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.configs.BrokerLoggers;
import io.aeon.metadata.configs.ConfigDescriptions;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

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
        return AnswerSizes.unlessFew(distinct(request)
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
    private static Stream<DescribeConfigsResource> distinct(DescribeConfigsRequestData request) {
        Map<String, Asked> distinct = new LinkedHashMap<>();
        for (DescribeConfigsResource resource : request.resources()) {
            distinct.computeIfAbsent(
                            resource.resourceType() + ":" + resource.resourceName(),
                            name -> new Asked(resource.resourceType(), resource.resourceName()))
                    .add(resource.configurationKeys());
        }
        return distinct.values().stream().map(Asked::resource);
    }

    /** What a request asks for of one resource, however often it names it. */
    private static final class Asked {
        private final byte type;
        private final String name;
        private final Set<String> keys = new LinkedHashSet<>();
        private boolean all;

        Asked(byte type, String name) {
            this.type = type;
            this.name = name;
        }

        void add(@Nullable List<String> more) {
            if (more == null || more.isEmpty()) {
                all = true;
            } else {
                keys.addAll(more);
            }
        }

        DescribeConfigsResource resource() {
            return new DescribeConfigsResource()
                    .setResourceType(type)
                    .setResourceName(name)
                    .setConfigurationKeys(all ? null : List.copyOf(keys));
        }
    }
}
