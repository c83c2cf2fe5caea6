package io.aeon.api.groups;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.AuthorizedOperations;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.group.command.GroupCommand.Describe;
import io.aeon.coordinator.group.command.GroupCommand.DescribeResult;
import io.aeon.coordinator.group.command.GroupDescription;
import io.aeon.coordinator.group.command.GroupDescription.MemberDescription;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.protocol.GroupExtension;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeGroups: classic groups with their members. A group that does not exist is Dead; since v6 it is also an error.
 * A group that is named many times is described once.
 */
public final class DescribeGroupsHandler implements ApiHandler<DescribeGroupsRequestData> {
    private static final short FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND = 6;

    /** Heap of a described group with some members; what members sent is not copied before it is encoded. */
    private static final long GROUP = 8 << 10;

    private final GroupCoordinators groups;

    public DescribeGroupsHandler(GroupCoordinators groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_GROUPS;
    }

    @Override
    public long answerBytes(DescribeGroupsRequestData request, short version) {
        return AnswerSizes.ofCoordinators(
                groups.heapUsed(), GROUP * request.groups().stream().distinct().count());
    }

    @Override
    public CompletionStage<Reply> handle(DescribeGroupsRequestData request, RequestContext context) {
        List<CompletableFuture<DescribedGroup>> answers = request.groups().stream()
                .distinct()
                .map(groupId -> groups.<DescribeResult>ask(groupId, Describe::new)
                        .thenApply(result -> described(groupId, result, request, context.version())))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> Reply.of(new DescribeGroupsResponseData()
                        .setGroups(answers.stream().map(CompletableFuture::join).toList())));
    }

    private static DescribedGroup described(
            String groupId, DescribeResult result, DescribeGroupsRequestData request, short version) {
        DescribedGroup described = new DescribedGroup().setGroupId(groupId);
        GroupDescription group = result.group();
        if (group == null) {
            return failed(described, result, request, version);
        }
        if (GroupExtension.isAsked(request.unknownTaggedFields())) {
            described.unknownTaggedFields().add(HoldUpField.of(group.holdUps()));
        }
        return described
                .setGroupState(group.state().toString())
                .setProtocolType(group.protocolType())
                .setProtocolData(group.protocol())
                .setAuthorizedOperations(operations(request))
                .setMembers(group.members().stream()
                        .map(DescribeGroupsHandler::member)
                        .toList());
    }

    private static int operations(DescribeGroupsRequestData request) {
        return request.includeAuthorizedOperations() ? AuthorizedOperations.GROUP : AuthorizedOperations.OMITTED;
    }

    private static DescribedGroup failed(
            DescribedGroup described, DescribeResult result, DescribeGroupsRequestData request, short version) {
        Errors error = result.error();
        if (error != Errors.GROUP_ID_NOT_FOUND) {
            return described.setErrorCode(error.code());
        }
        described.setGroupState(GroupState.DEAD.toString());
        return version < FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND
                ? described.setAuthorizedOperations(operations(request))
                : described.setErrorCode(error.code()).setErrorMessage(result.message());
    }

    private static DescribedGroupMember member(MemberDescription member) {
        return new DescribedGroupMember()
                .setMemberId(member.memberId())
                .setGroupInstanceId(member.instanceId())
                .setClientId(member.clientId())
                .setClientHost(member.clientHost())
                .setMemberMetadata(member.metadata().array())
                .setMemberAssignment(member.assignment().array());
    }
}
