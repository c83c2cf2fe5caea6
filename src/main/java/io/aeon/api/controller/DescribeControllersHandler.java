package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.AuthorizedOperations;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.QuorumNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DescribeCluster on the controller listener (KIP-919): the nodes are the controllers of the cluster. */
public final class DescribeControllersHandler implements ApiHandler<DescribeClusterRequestData> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final QuorumNode node;

    public DescribeControllersHandler(QuorumNode node) {
        this.node = node;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public CompletionStage<Reply> handle(DescribeClusterRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(answer(request)));
    }

    private DescribeClusterResponseData answer(DescribeClusterRequestData request) {
        return switch (request.endpointType()) {
            case CONTROLLERS -> described(request);
            case BROKERS ->
                refused(
                        Errors.MISMATCHED_ENDPOINT_TYPE,
                        "The request was sent to an endpoint of type CONTROLLER, but we wanted an endpoint of type BROKER");
            default -> refused(Errors.UNSUPPORTED_ENDPOINT_TYPE, "Unsupported endpoint type " + request.endpointType());
        };
    }

    private DescribeClusterResponseData described(DescribeClusterRequestData request) {
        DescribeClusterResponseData response = new DescribeClusterResponseData()
                .setClusterId(node.clusterId())
                .setControllerId(node.leader())
                .setEndpointType(CONTROLLERS);
        node.controllers()
                .forEach((id, at) -> response.brokers()
                        .add(new DescribeClusterBroker()
                                .setBrokerId(id)
                                .setHost(at.host())
                                .setPort(at.port())));
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        return response;
    }

    private static DescribeClusterResponseData refused(Errors error, String message) {
        return new DescribeClusterResponseData().setErrorCode(error.code()).setErrorMessage(message);
    }
}
