package io.aeon.metadata.channel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeQuorumRequest;
import org.apache.kafka.common.utils.Time;

/** Asks the controllers of an existing cluster, before this node takes part in it. Methods block. */
public final class BootstrapControllers {
    private static final int REQUEST_TIMEOUT_MS = 2000;
    private static final long RETRY_MS = 100;
    private static final byte CONTROLLERS = 2;
    private static final TopicPartition METADATA = new TopicPartition(Topic.CLUSTER_METADATA_TOPIC_NAME, 0);

    private final List<InetSocketAddress> controllers;
    private final Time time;

    public BootstrapControllers(List<InetSocketAddress> controllers, Time time) {
        this.controllers = controllers;
        this.time = time;
    }

    /** A voter of the metadata quorum, and where its controller listens. */
    public record Voter(Uuid directoryId, InetSocketAddress address) {}

    /**
     * The id of the cluster, as soon as a controller answers.
     *
     * @param end ends the wait when it fails, with its failure
     * @throws ConfigException no controller has answered within {@code timeoutMs}
     */
    String clusterId(long timeoutMs, CompletableFuture<?> end) {
        long deadline = time.milliseconds() + timeoutMs;
        try (Metrics metrics = new Metrics();
                NetworkClient client = client(metrics)) {
            String why = "";
            do {
                for (int i = 0; i < controllers.size(); i++) {
                    try {
                        return describe(client, node(i)).clusterId();
                    } catch (IOException e) {
                        why = String.valueOf(e.getMessage());
                    }
                }
                client.poll(RETRY_MS, time.milliseconds());
                end.getNow(null);
            } while (time.milliseconds() < deadline);
            throw new ConfigException("No controller of the cluster to join has answered at " + addresses() + " within "
                    + timeoutMs / 1000 + " s: " + why);
        }
    }

    /** The voter of this id; empty if there is none, or if no leader of the quorum answers now. */
    public Optional<Voter> voter(int id) {
        try (Metrics metrics = new Metrics();
                NetworkClient client = client(metrics)) {
            for (int i = 0; i < controllers.size(); i++) {
                try {
                    DescribeClusterResponseData cluster = describe(client, node(i));
                    var leader = cluster.brokers().find(cluster.controllerId());
                    if (leader != null) {
                        return voter(client, new Node(leader.brokerId(), leader.host(), leader.port()), id);
                    }
                } catch (IOException e) {
                    // The next one may answer.
                }
            }
            return Optional.empty();
        }
    }

    private Optional<Voter> voter(NetworkClient client, Node leader, int id) throws IOException {
        DescribeQuorumResponseData quorum = (DescribeQuorumResponseData) ask(
                client,
                leader,
                new MessageRequest(ApiKeys.DESCRIBE_QUORUM, DescribeQuorumRequest.singletonRequest(METADATA)));
        var node = quorum.nodes().find(id);
        Listener listener = node == null ? null : node.listeners().find(ControllerConnections.LISTENER.value());
        if (listener == null || quorum.topics().isEmpty()) {
            return Optional.empty();
        }
        PartitionData partition = quorum.topics().get(0).partitions().get(0);
        return partition.currentVoters().stream()
                .filter(voter -> voter.replicaId() == id)
                .findFirst()
                .map(voter ->
                        new Voter(voter.replicaDirectoryId(), new InetSocketAddress(listener.host(), listener.port())));
    }

    private NetworkClient client(Metrics metrics) {
        return ControllerConnections.client("bootstrap-client", metrics, time, REQUEST_TIMEOUT_MS);
    }

    private Node node(int index) {
        InetSocketAddress at = controllers.get(index);
        return new Node(-2 - index, at.getHostString(), at.getPort());
    }

    private DescribeClusterResponseData describe(NetworkClient client, Node node) throws IOException {
        DescribeClusterResponseData answer = (DescribeClusterResponseData) ask(
                client,
                node,
                new MessageRequest(
                        ApiKeys.DESCRIBE_CLUSTER, new DescribeClusterRequestData().setEndpointType(CONTROLLERS)));
        if (answer.errorCode() != Errors.NONE.code()) {
            throw new IOException(node.host() + ":" + node.port() + " answered " + Errors.forCode(answer.errorCode())
                    + ", " + answer.errorMessage());
        }
        return answer;
    }

    private ApiMessage ask(NetworkClient client, Node node, MessageRequest request) throws IOException {
        if (!NetworkClientUtils.awaitReady(client, node, time, REQUEST_TIMEOUT_MS)) {
            throw new IOException("no connection to " + node.host() + ":" + node.port());
        }
        ClientResponse response = NetworkClientUtils.sendAndReceive(
                client, client.newClientRequest(node.idString(), request, time.milliseconds(), true), time);
        return response.responseBody().data();
    }

    private String addresses() {
        return controllers.stream()
                .map(each -> each.getHostString() + ":" + each.getPort())
                .collect(Collectors.joining(", "));
    }
}
