package io.aeon.api.groups;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.AuthorizedOperations;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.group.command.ConsumerGroupDescription;
import io.aeon.coordinator.group.command.ConsumerGroupDescription.DescribedMember;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.DescribeConsumerGroup;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.DescribeConsumerGroupResult;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import io.aeon.metadata.Metadata;
import io.aeon.protocol.GroupExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Member;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.TopicPartitions;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * ConsumerGroupDescribe (KIP-848): groups of the consumer protocol with their members. A group that is named many times
 * is described once.
 */
public final class ConsumerGroupDescribeHandler implements ApiHandler<ConsumerGroupDescribeRequestData> {
    private static final byte CLASSIC_MEMBER = 0;
    private static final byte CONSUMER_MEMBER = 1;
    /** Heap of a described group with some members. */
    private static final long GROUP = 8 << 10;

    private final GroupCoordinators groups;
    private final Metadata metadata;

    public ConsumerGroupDescribeHandler(GroupCoordinators groups, Metadata metadata) {
        this.groups = groups;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.CONSUMER_GROUP_DESCRIBE;
    }

    @Override
    public long answerBytes(ConsumerGroupDescribeRequestData request, short version) {
        return AnswerSizes.ofCoordinators(
                groups.heapUsed(),
                GROUP * request.groupIds().stream().distinct().count());
    }

    @Override
    public CompletionStage<Reply> handle(ConsumerGroupDescribeRequestData request, RequestContext context) {
        if (!metadata.image().allowsConsumerProtocol()) {
            return CompletableFuture.failedFuture(Errors.UNSUPPORTED_VERSION.exception());
        }
        List<CompletableFuture<DescribedGroup>> answers = request.groupIds().stream()
                .distinct()
                .map(groupId -> describe(groupId, request))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> Reply.of(new ConsumerGroupDescribeResponseData()
                        .setGroups(answers.stream().map(CompletableFuture::join).toList())));
    }

    private CompletableFuture<DescribedGroup> describe(String groupId, ConsumerGroupDescribeRequestData request) {
        if (groupId.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new DescribedGroup().setGroupId("").setErrorCode(Errors.INVALID_GROUP_ID.code()));
        }
        return groups.<DescribeConsumerGroupResult>ask(groupId, DescribeConsumerGroup::new)
                .thenApply(result -> described(groupId, result, request));
    }

    private static DescribedGroup described(
            String groupId, DescribeConsumerGroupResult result, ConsumerGroupDescribeRequestData request) {
        DescribedGroup described = new DescribedGroup().setGroupId(groupId);
        ConsumerGroupDescription group = result.group();
        if (group == null) {
            return described.setErrorCode(result.error().code()).setErrorMessage(result.message());
        }
        if (GroupExtension.isAsked(request.unknownTaggedFields())) {
            described.unknownTaggedFields().add(HoldUpField.of(group.holdUps()));
        }
        boolean operations = request.includeAuthorizedOperations();
        return described
                .setGroupState(group.state())
                .setGroupEpoch(group.groupEpoch())
                .setAssignmentEpoch(group.assignmentEpoch())
                .setAssignorName(group.assignor())
                .setAuthorizedOperations(operations ? AuthorizedOperations.GROUP : AuthorizedOperations.OMITTED)
                .setMembers(group.members().stream()
                        .map(member -> member(member, group.topicNames()))
                        .toList());
    }

    private static Member member(DescribedMember member, Map<Uuid, String> names) {
        return new Member()
                .setMemberId(member.memberId())
                .setInstanceId(member.instanceId())
                .setRackId(member.rackId())
                .setMemberEpoch(member.memberEpoch())
                .setClientId(member.clientId())
                .setClientHost(member.clientHost())
                .setSubscribedTopicNames(List.copyOf(member.topics()))
                .setSubscribedTopicRegex(member.regex())
                .setAssignment(assignment(member.assignment(), names))
                .setTargetAssignment(assignment(member.target(), names))
                .setMemberType(member.classic() ? CLASSIC_MEMBER : CONSUMER_MEMBER);
    }

    private static Assignment assignment(PartitionsByTopic partitions, Map<Uuid, String> names) {
        List<TopicPartitions> topics = new ArrayList<>();
        partitions.topics().forEach((id, numbers) -> {
            String name = names.get(id);
            if (name != null) {
                topics.add(
                        new TopicPartitions().setTopicId(id).setTopicName(name).setPartitions(List.copyOf(numbers)));
            }
        });
        return new Assignment().setTopicPartitions(topics);
    }
}
