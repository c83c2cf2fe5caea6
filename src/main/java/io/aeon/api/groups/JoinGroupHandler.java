package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.record.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** JoinGroup: a member enters the next generation. The reply may take as long as the rebalance timeout. */
public final class JoinGroupHandler implements ApiHandler<JoinGroupRequestData> {
    private static final short FIRST_VERSION_WITH_REBALANCE_TIMEOUT = 1;
    private static final short FIRST_VERSION_WITH_KNOWN_MEMBER_ID = 4;
    private static final short FIRST_VERSION_WITH_NULL_PROTOCOL = 7;
    private static final short FIRST_VERSION_WITH_SKIPPED_ASSIGNMENT = 9;

    private final GroupCoordinators groups;
    private final AbandonedRequests abandoned;

    public JoinGroupHandler(GroupCoordinators groups) {
        this.groups = groups;
        this.abandoned = new AbandonedRequests(groups::tell);
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.JOIN_GROUP;
    }

    @Override
    public boolean waitsForOthers() {
        return true;
    }

    @Override
    public CompletionStage<Reply> handle(JoinGroupRequestData request, RequestContext context) {
        return join(request, context).thenApply(result -> Reply.of(response(result, context.version())));
    }

    private CompletableFuture<JoinResult> join(JoinGroupRequestData request, RequestContext context) {
        if (request.groupId().isEmpty()) {
            Join invalid = command(request, context, new CompletableFuture<>());
            return CompletableFuture.completedFuture(invalid.refusal(Errors.INVALID_GROUP_ID));
        }
        CompletableFuture<JoinResult> reply =
                groups.ask(request.groupId(), waiting -> command(request, context, waiting));
        return abandoned.follow(request.groupId(), reply, context.connection());
    }

    private static Join command(
            JoinGroupRequestData request, RequestContext context, CompletableFuture<JoinResult> reply) {
        short version = context.version();
        return new Join(
                request.memberId(),
                request.groupInstanceId(),
                context.clientId(),
                "/" + context.connection().remote().getAddress().getHostAddress(),
                version < FIRST_VERSION_WITH_REBALANCE_TIMEOUT
                        ? request.sessionTimeoutMs()
                        : request.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                request.protocolType(),
                protocols(request),
                version >= FIRST_VERSION_WITH_KNOWN_MEMBER_ID,
                version >= FIRST_VERSION_WITH_SKIPPED_ASSIGNMENT,
                request.reason() == null ? "" : request.reason(),
                reply);
    }

    /** In the client's order; of two protocols with one name the first is kept. */
    private static List<Protocol> protocols(JoinGroupRequestData request) {
        Map<String, Protocol> byName = new LinkedHashMap<>();
        request.protocols()
                .forEach(protocol -> byName.putIfAbsent(
                        protocol.name(), new Protocol(protocol.name(), Bytes.of(protocol.metadata()))));
        return List.copyOf(byName.values());
    }

    private static JoinGroupResponseData response(JoinResult result, short version) {
        boolean nullable = version >= FIRST_VERSION_WITH_NULL_PROTOCOL;
        return new JoinGroupResponseData()
                .setErrorCode(result.error().code())
                .setMemberId(result.memberId())
                .setGenerationId(result.generation())
                .setProtocolType(result.protocolType())
                .setProtocolName(result.protocolName() == null && !nullable ? "" : result.protocolName())
                .setLeader(result.leader())
                .setSkipAssignment(result.skipAssignment())
                .setMembers(result.members().stream()
                        .map(member -> new JoinGroupResponseMember()
                                .setMemberId(member.memberId())
                                .setGroupInstanceId(member.instanceId())
                                .setMetadata(member.metadata().array()))
                        .toList());
    }
}
