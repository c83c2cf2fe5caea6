package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.AuthorizedOperations;
import io.aeon.api.BrokerNodes;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Metadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DescribeCluster (KIP-700, KIP-919, KIP-1073). */
public final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequestData> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final Metadata metadata;

    public DescribeClusterHandler(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public CompletionStage<Reply> handle(DescribeClusterRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(answer(request, context)));
    }

    private DescribeClusterResponseData answer(DescribeClusterRequestData request, RequestContext context) {
        return switch (request.endpointType()) {
            case BROKERS -> described(request, context);
            case CONTROLLERS ->
                refused(
                        Errors.MISMATCHED_ENDPOINT_TYPE,
                        "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER");
            default -> refused(Errors.UNSUPPORTED_ENDPOINT_TYPE, "Unsupported endpoint type " + request.endpointType());
        };
    }

    private DescribeClusterResponseData described(DescribeClusterRequestData request, RequestContext context) {
        BrokerNodes nodes = BrokerNodes.seenFrom(context.connection(), metadata);
        DescribeClusterResponseData response = new DescribeClusterResponseData()
                .setClusterId(metadata.image().clusterId())
                .setControllerId(nodes.controller())
                .setEndpointType(BROKERS);
        (request.includeFencedBrokers() ? nodes.registered() : nodes.inService())
                .forEach(node -> response.brokers()
                        .add(new DescribeClusterBroker()
                                .setBrokerId(node.id())
                                .setHost(node.host())
                                .setPort(node.port())
                                .setRack(node.rack())
                                .setIsFenced(node.isFenced())));
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        return response;
    }

    private static DescribeClusterResponseData refused(Errors error, String message) {
        return new DescribeClusterResponseData().setErrorCode(error.code()).setErrorMessage(message);
    }
}
