package io.aeon.metadata;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;

/** Asks the controllers of an existing cluster for its cluster id, before this node is formatted for the cluster. */
final class ClusterIdLookup {
    private static final int REQUEST_TIMEOUT_MS = 2000;
    private static final long RETRY_MS = 100;
    private static final byte CONTROLLERS = 2;

    private final List<InetSocketAddress> controllers;
    private final Time time;

    ClusterIdLookup(List<InetSocketAddress> controllers, Time time) {
        this.controllers = controllers;
        this.time = time;
    }

    /**
     * Blocks until a controller answers.
     *
     * @throws ConfigException no controller has answered within {@code timeoutMs}
     */
    String find(long timeoutMs) {
        long deadline = time.milliseconds() + timeoutMs;
        try (Metrics metrics = new Metrics();
                NetworkClient client =
                        ControllerConnections.client("cluster-id-client", metrics, time, REQUEST_TIMEOUT_MS)) {
            String why = "";
            do {
                for (int i = 0; i < controllers.size(); i++) {
                    InetSocketAddress at = controllers.get(i);
                    try {
                        return ask(client, new Node(-2 - i, at.getHostString(), at.getPort()));
                    } catch (IOException e) {
                        why = String.valueOf(e.getMessage());
                    }
                }
                client.poll(RETRY_MS, time.milliseconds());
            } while (time.milliseconds() < deadline);
            throw new ConfigException("No controller of the cluster to join has answered at " + addresses() + " within "
                    + timeoutMs / 1000 + " s: " + why);
        }
    }

    private String ask(NetworkClient client, Node node) throws IOException {
        if (!NetworkClientUtils.awaitReady(client, node, time, REQUEST_TIMEOUT_MS)) {
            throw new IOException("no connection to " + node.host() + ":" + node.port());
        }
        ClientResponse response = NetworkClientUtils.sendAndReceive(
                client,
                client.newClientRequest(
                        node.idString(),
                        new MessageRequest(
                                ApiKeys.DESCRIBE_CLUSTER,
                                new DescribeClusterRequestData().setEndpointType(CONTROLLERS)),
                        time.milliseconds(),
                        true),
                time);
        DescribeClusterResponseData answer =
                (DescribeClusterResponseData) response.responseBody().data();
        if (answer.errorCode() != Errors.NONE.code()) {
            throw new IOException(node.host() + ":" + node.port() + " answered " + Errors.forCode(answer.errorCode())
                    + ", " + answer.errorMessage());
        }
        return answer.clusterId();
    }

    private String addresses() {
        return controllers.stream()
                .map(each -> each.getHostString() + ":" + each.getPort())
                .collect(Collectors.joining(", "));
    }
}
