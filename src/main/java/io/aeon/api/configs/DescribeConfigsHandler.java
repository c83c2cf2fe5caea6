package io.aeon.api.configs;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ConfigDescriptions;
import io.aeon.metadata.Metadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeConfigs (KIP-133, KIP-226, KIP-569). */
public final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequestData> {
    private final Metadata metadata;
    private final ConfigDescriptions descriptions;

    public DescribeConfigsHandler(Metadata metadata, ConfigDescriptions descriptions) {
        this.metadata = metadata;
        this.descriptions = descriptions;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public CompletionStage<Reply> handle(DescribeConfigsRequestData request, RequestContext context) {
        ClusterImage image = metadata.image();
        DescribeConfigsResponseData response = new DescribeConfigsResponseData();
        request.resources()
                .forEach(resource -> response.results().add(descriptions.describe(resource, request, image)));
        return CompletableFuture.completedFuture(Reply.of(response));
    }
}
