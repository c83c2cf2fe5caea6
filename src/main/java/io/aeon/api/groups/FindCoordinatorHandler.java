package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.config.KafkaSettings;
import io.aeon.coordinator.group.GroupLog;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/**
 * FindCoordinator (KIP-699): which broker coordinates a group. The first one to ask has the offsets topic made; Kafka
 * lets that client ask again, here it is answered when the topic is there.
 */
public final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequestData> {
    private static final short FIRST_VERSION_WITH_MANY_KEYS = 4;

    private final Metadata metadata;
    private final OffsetsTopic offsetsTopic;

    public FindCoordinatorHandler(Metadata metadata, KafkaSettings settings) {
        this.metadata = metadata;
        this.offsetsTopic = new OffsetsTopic(
                metadata,
                settings.getInt("offsets.topic.num.partitions"),
                settings.getInt("offsets.topic.segment.bytes"));
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.FIND_COORDINATOR;
    }

    @Override
    public CompletionStage<Reply> handle(FindCoordinatorRequestData request, RequestContext context) {
        boolean many = context.version() >= FIRST_VERSION_WITH_MANY_KEYS;
        List<String> keys = many ? request.coordinatorKeys() : List.of(request.key());
        return find(request.keyType(), keys, context.advertised())
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
        if (type != CoordinatorType.GROUP.id()) {
            Errors error = type == CoordinatorType.TRANSACTION.id()
                    ? Errors.COORDINATOR_NOT_AVAILABLE
                    : Errors.INVALID_REQUEST;
            return CompletableFuture.completedFuture(
                    keys.stream().map(key -> nobody(key, error)).toList());
        }
        return offsetsTopic
                .findOrCreate()
                .thenApply(topic -> keys.stream()
                        .map(key -> groupCoordinator(key, topic, self))
                        .toList());
    }

    private Coordinator groupCoordinator(String groupId, Optional<Topic> topic, InetSocketAddress self) {
        return topic.filter(offsets -> isOurs(groupId, offsets))
                .map(offsets -> new Coordinator()
                        .setKey(groupId)
                        .setNodeId(metadata.nodeId())
                        .setHost(self.getHostString())
                        .setPort(self.getPort()))
                .orElseGet(() -> nobody(groupId, Errors.COORDINATOR_NOT_AVAILABLE));
    }

    private boolean isOurs(String groupId, Topic offsets) {
        List<Partition> partitions = offsets.partitions();
        return partitions.get(GroupLog.partitionFor(groupId, partitions.size())).isLedBy(metadata.nodeId());
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
