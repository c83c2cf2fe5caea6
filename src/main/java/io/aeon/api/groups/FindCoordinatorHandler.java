package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.api.BrokerNodes;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.coordinator.StoredRecords;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntBiFunction;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/**
 * FindCoordinator (KIP-699): the broker that coordinates a group or a transactional id. The first request creates the
 * topic that holds the coordinator's state. Kafka tells that client to retry; here the reply waits until the topic
 * exists.
 */
public final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequestData> {
    private static final short FIRST_VERSION_WITH_MANY_KEYS = 4;

    private final Metadata metadata;
    private final CoordinatorTopic offsetsTopic;
    private final CoordinatorTopic transactionTopic;

    public FindCoordinatorHandler(Metadata metadata, CoordinatorTopic offsetsTopic, CoordinatorTopic transactionTopic) {
        this.metadata = metadata;
        this.offsetsTopic = offsetsTopic;
        this.transactionTopic = transactionTopic;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public CompletionStage<Reply> handle(FindCoordinatorRequestData request, RequestContext context) {
        boolean many = context.version() >= FIRST_VERSION_WITH_MANY_KEYS;
        List<String> keys = many ? request.coordinatorKeys() : List.of(request.key());
        return find(request.keyType(), keys, BrokerNodes.seenFrom(context.connection(), metadata))
                .thenApply(found -> Reply.of(
                        many ? new FindCoordinatorResponseData().setCoordinators(found) : single(found.get(0))));
    }

    private static FindCoordinatorResponseData single(Coordinator found) {
        return new FindCoordinatorResponseData()
                .setErrorCode(found.errorCode())
                .setErrorMessage(Errors.forCode(found.errorCode()).message())
                .setNodeId(found.nodeId())
                .setHost(found.host())
                .setPort(found.port());
    }

    private CompletableFuture<List<Coordinator>> find(byte type, List<String> keys, BrokerNodes nodes) {
        if (type == CoordinatorType.GROUP.id()) {
            return find(offsetsTopic, StoredRecords::partitionFor, keys, nodes);
        }
        if (type == CoordinatorType.TRANSACTION.id()) {
            return find(transactionTopic, StoredRecords::partitionFor, keys, nodes);
        }
        return CompletableFuture.completedFuture(keys.stream()
                .map(key -> unavailable(key, Errors.INVALID_REQUEST).setErrorMessage(Errors.INVALID_REQUEST.message()))
                .toList());
    }

    private CompletableFuture<List<Coordinator>> find(
            CoordinatorTopic kind, ToIntBiFunction<String, Integer> place, List<String> keys, BrokerNodes nodes) {
        return kind.findOrCreate()
                .thenApply(topic -> keys.stream()
                        .map(key -> topic.flatMap(state -> leader(key, state, place))
                                .flatMap(nodes::inService)
                                .map(node -> at(key, node))
                                .orElseGet(() -> unavailable(key, Errors.COORDINATOR_NOT_AVAILABLE)))
                        .toList());
    }

    private Optional<Integer> leader(String key, Topic state, ToIntBiFunction<String, Integer> place) {
        List<Partition> partitions = state.partitions();
        Partition partition = partitions.get(place.applyAsInt(key, partitions.size()));
        int self = metadata.nodeId();
        return Optional.of(partition.isLedBy(self) ? self : partition.leader()).filter(leader -> leader >= 0);
    }

    private static Coordinator at(String key, Node node) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(node.id())
                .setHost(node.host())
                .setPort(node.port());
    }

    private static Coordinator unavailable(String key, Errors error) {
        return new Coordinator()
                .setKey(key)
                .setErrorCode(error.code())
                .setNodeId(-1)
                .setHost("")
                .setPort(-1);
    }
}
