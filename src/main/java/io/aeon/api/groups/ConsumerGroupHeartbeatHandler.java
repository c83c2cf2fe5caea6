package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.config.KafkaSettings;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.ConsumerHeartbeat;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand.Disconnected;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import io.aeon.metadata.Metadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.Assignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** ConsumerGroupHeartbeat (KIP-848): a member joins, reports that it is alive, gets its assignment, or leaves. */
public final class ConsumerGroupHeartbeatHandler implements ApiHandler<ConsumerGroupHeartbeatRequestData> {
    private static final short FIRST_VERSION_WITH_MEMBER_ID_OF_THE_CLIENT = 1;
    private static final int JOIN = 0;
    private static final int LEAVE = -1;
    private static final int LEAVE_FOR_A_WHILE = -2;

    private final GroupCoordinators groups;
    /** The largest heap divided by the part for the connections of members. */
    private static final int PART_FOR_CONNECTIONS = 64;

    private final Metadata metadata;
    private final Set<String> assignors;
    private final MemberConnections connections;

    public ConsumerGroupHeartbeatHandler(GroupCoordinators groups, Metadata metadata, KafkaSettings settings) {
        this.groups = groups;
        this.metadata = metadata;
        this.connections = new MemberConnections(
                Runtime.getRuntime().maxMemory() / PART_FOR_CONNECTIONS,
                (groupId, memberId) -> groups.tell(groupId, new Disconnected(memberId)));
        this.assignors = new LinkedHashSet<>();
        settings.getList("group.consumer.assignors").forEach(each -> assignors.add(KafkaSettings.assignorName(each)));
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public CompletionStage<Reply> handle(ConsumerGroupHeartbeatRequestData request, RequestContext context) {
        if (!metadata.image().allowsConsumerProtocol()) {
            return CompletableFuture.failedFuture(Errors.UNSUPPORTED_VERSION.exception());
        }
        try {
            check(request, context.version());
        } catch (ApiException e) {
            return CompletableFuture.completedFuture(Reply.of(new ConsumerGroupHeartbeatResponseData()
                    .setErrorCode(Errors.forException(e).code())
                    .setErrorMessage(e.getMessage())));
        }
        return groups.<ConsumerHeartbeatResult>ask(request.groupId(), reply -> command(request, context, reply))
                .thenApply(result -> {
                    if (result.error() == Errors.NONE) {
                        follow(request, result.memberId(), context);
                    }
                    return Reply.of(response(result));
                });
    }

    private void follow(ConsumerGroupHeartbeatRequestData request, String memberId, RequestContext context) {
        if (request.memberEpoch() < JOIN) {
            connections.left(request.groupId(), memberId);
        } else {
            connections.heardFrom(request.groupId(), memberId, context.connection());
        }
    }

    private void check(ConsumerGroupHeartbeatRequestData request, short version) {
        int epoch = request.memberEpoch();
        boolean needsId = version >= FIRST_VERSION_WITH_MEMBER_ID_OF_THE_CLIENT || epoch > JOIN || epoch == LEAVE;
        require(!needsId || !isBlank(request.memberId()), "MemberId can't be empty.");
        require(!isBlank(request.groupId()), "GroupId can't be empty.");
        require(!isBlank(request.instanceId()), "InstanceId can't be empty.");
        require(!isBlank(request.rackId()), "RackId can't be empty.");
        if (epoch == JOIN) {
            checkJoin(request);
        } else if (epoch == LEAVE_FOR_A_WHILE) {
            require(request.instanceId() != null, "InstanceId can't be null.");
        }
        require(epoch >= LEAVE_FOR_A_WHILE, "MemberEpoch is invalid.");
        if (request.serverAssignor() != null && !assignors.contains(request.serverAssignor())) {
            throw Errors.UNSUPPORTED_ASSIGNOR.exception("ServerAssignor " + request.serverAssignor()
                    + " is not supported. Supported assignors: " + String.join(", ", assignors) + ".");
        }
    }

    private static void checkJoin(ConsumerGroupHeartbeatRequestData request) {
        require(request.rebalanceTimeoutMs() != -1, "RebalanceTimeoutMs must be provided in first request.");
        require(
                request.topicPartitions() != null && request.topicPartitions().isEmpty(),
                "TopicPartitions must be empty when (re-)joining.");
        require(
                request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null,
                "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
    }

    private static boolean isBlank(@Nullable String text) {
        return text != null && text.isBlank();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw Errors.INVALID_REQUEST.exception(otherwise);
        }
    }

    private static ConsumerHeartbeat command(
            ConsumerGroupHeartbeatRequestData request,
            RequestContext context,
            CompletableFuture<ConsumerHeartbeatResult> reply) {
        List<String> names = request.subscribedTopicNames();
        return new ConsumerHeartbeat(
                request.memberId(),
                request.memberEpoch(),
                request.instanceId(),
                request.rackId(),
                request.rebalanceTimeoutMs(),
                names == null ? null : new TreeSet<>(names),
                request.subscribedTopicRegex(),
                request.serverAssignor(),
                owned(request.topicPartitions()),
                context.clientId(),
                "/" + context.connection().remote().getAddress().getHostAddress(),
                reply);
    }

    private static @Nullable PartitionsByTopic owned(@Nullable List<TopicPartitions> topics) {
        if (topics == null) {
            return null;
        }
        Map<Uuid, Set<Integer>> owned = new HashMap<>();
        topics.forEach(topic -> owned.computeIfAbsent(topic.topicId(), absent -> new TreeSet<>())
                .addAll(topic.partitions()));
        return PartitionsByTopic.of(owned);
    }

    private static ConsumerGroupHeartbeatResponseData response(ConsumerHeartbeatResult result) {
        if (result.error() != Errors.NONE) {
            return new ConsumerGroupHeartbeatResponseData()
                    .setErrorCode(result.error().code())
                    .setErrorMessage(result.message() == null ? result.error().message() : result.message());
        }
        return new ConsumerGroupHeartbeatResponseData()
                .setMemberId(result.memberId())
                .setMemberEpoch(result.memberEpoch())
                .setHeartbeatIntervalMs(result.heartbeatIntervalMs())
                .setAssignment(assignment(result.assignment()));
    }

    private static @Nullable Assignment assignment(@Nullable PartitionsByTopic partitions) {
        if (partitions == null) {
            return null;
        }
        List<ConsumerGroupHeartbeatResponseData.TopicPartitions> topics = new ArrayList<>();
        partitions
                .topics()
                .forEach((topic, numbers) -> topics.add(new ConsumerGroupHeartbeatResponseData.TopicPartitions()
                        .setTopicId(topic)
                        .setPartitions(List.copyOf(numbers))));
        return new Assignment().setTopicPartitions(topics);
    }
}
