package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.config.KafkaSettings;
import io.aeon.coordinator.StoredRecords;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntBiFunction;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/**
 * FindCoordinator (KIP-699): which broker coordinates a group or a transactional id. The first one to ask has the
 * topic made that their state is kept in; Kafka lets that client ask again, here it is answered when the topic is there.
 */
public final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequestData> {
    private static final short FIRST_VERSION_WITH_MANY_KEYS = 4;

    private final Metadata metadata;
    private final CoordinatorTopic offsetsTopic;
    private final CoordinatorTopic transactionTopic;

    public FindCoordinatorHandler(Metadata metadata, KafkaSettings settings) {
        this.metadata = metadata;
        this.offsetsTopic = CoordinatorTopic.ofGroups(metadata, settings);
        this.transactionTopic = CoordinatorTopic.ofTransactions(metadata, settings);
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public CompletionStage<Reply> handle(FindCoordinatorRequestData request, RequestContext context) {
        boolean many = context.version() >= FIRST_VERSION_WITH_MANY_KEYS;
        List<String> keys = many ? request.coordinatorKeys() : List.of(request.key());
        return find(request.keyType(), keys, context.connection().advertised())
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

    private CompletableFuture<List<Coordinator>> find(byte type, List<String> keys, InetSocketAddress self) {
        if (type == CoordinatorType.GROUP.id()) {
            return find(offsetsTopic, StoredRecords::partitionFor, keys, self);
        }
        if (type == CoordinatorType.TRANSACTION.id()) {
            return find(transactionTopic, StoredRecords::partitionFor, keys, self);
        }
        return CompletableFuture.completedFuture(
                keys.stream().map(key -> nobody(key, Errors.INVALID_REQUEST)).toList());
    }

    private CompletableFuture<List<Coordinator>> find(
            CoordinatorTopic kind, ToIntBiFunction<String, Integer> place, List<String> keys, InetSocketAddress self) {
        return kind.findOrCreate()
                .thenApply(topic -> keys.stream()
                        .map(key -> topic.filter(state -> isOurs(key, state, place))
                                .map(state -> ourselves(key, self))
                                .orElseGet(() -> nobody(key, Errors.COORDINATOR_NOT_AVAILABLE)))
                        .toList());
    }

    private boolean isOurs(String key, Topic state, ToIntBiFunction<String, Integer> place) {
        List<Partition> partitions = state.partitions();
        return partitions.get(place.applyAsInt(key, partitions.size())).isLedBy(metadata.nodeId());
    }

    private Coordinator ourselves(String key, InetSocketAddress self) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(metadata.nodeId())
                .setHost(self.getHostString())
                .setPort(self.getPort());
    }

    private static Coordinator nobody(String key, Errors error) {
        return new Coordinator()
                .setKey(key)
                .setErrorCode(error.code())
                .setNodeId(-1)
                .setHost("")
                .setPort(-1);
    }
}
