package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.Leaver;
import io.aeon.coordinator.group.command.LeaveResult;
import io.aeon.coordinator.group.command.LeaveResult.Left;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** LeaveGroup: removes members, several in one request since KIP-345. */
public final class LeaveGroupHandler implements ApiHandler<LeaveGroupRequestData> {
    private static final short FIRST_VERSION_WITH_MANY_MEMBERS = 3;

    private final GroupCoordinators groups;

    public LeaveGroupHandler(GroupCoordinators groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.LEAVE_GROUP;
    }

    @Override
    public CompletionStage<Reply> handle(LeaveGroupRequestData request, RequestContext context) {
        boolean many = context.version() >= FIRST_VERSION_WITH_MANY_MEMBERS;
        return leave(request, many).thenApply(result -> Reply.of(many ? response(result) : single(result)));
    }

    private CompletableFuture<LeaveResult> leave(LeaveGroupRequestData request, boolean many) {
        if (request.groupId().isEmpty()) {
            return CompletableFuture.completedFuture(new LeaveResult(Errors.INVALID_GROUP_ID, List.of()));
        }
        List<Leaver> leavers = many
                ? request.members().stream()
                        .map(member -> new Leaver(
                                member.memberId(),
                                member.groupInstanceId(),
                                member.reason() == null ? "" : member.reason()))
                        .toList()
                : List.of(new Leaver(request.memberId(), null, ""));
        return groups.ask(request.groupId(), reply -> new Leave(leavers, reply));
    }

    private static LeaveGroupResponseData response(LeaveResult result) {
        return new LeaveGroupResponseData()
                .setErrorCode(result.error().code())
                .setMembers(result.members().stream()
                        .map(left -> new MemberResponse()
                                .setMemberId(left.memberId())
                                .setGroupInstanceId(left.instanceId())
                                .setErrorCode(left.error().code()))
                        .toList());
    }

    private static LeaveGroupResponseData single(LeaveResult result) {
        Errors error = result.members().stream().map(Left::error).findFirst().orElse(result.error());
        return new LeaveGroupResponseData().setErrorCode(error.code());
    }
}
