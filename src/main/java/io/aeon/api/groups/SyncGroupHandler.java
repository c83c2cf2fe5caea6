package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.command.GroupCommand.Sync;
import io.aeon.coordinator.group.command.SyncResult;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** SyncGroup: the leader sends all assignments; each member receives its own. */
public final class SyncGroupHandler implements ApiHandler<SyncGroupRequestData> {
    /** From this version a request without the group's protocol is refused (KIP-559). */
    private static final short FIRST_VERSION_WITH_PROTOCOL = 5;

    private final GroupCoordinators groups;
    private final AbandonedRequests abandoned;

    public SyncGroupHandler(GroupCoordinators groups) {
        this.groups = groups;
        this.abandoned = new AbandonedRequests(groups::tell);
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.SYNC_GROUP;
    }

    @Override
    public boolean waitsForOthers() {
        return true;
    }

    @Override
    public CompletionStage<Reply> handle(SyncGroupRequestData request, RequestContext context) {
        Errors invalid = validate(request, context.version());
        if (invalid != Errors.NONE) {
            return CompletableFuture.completedFuture(
                    Reply.of(new SyncGroupResponseData().setErrorCode(invalid.code())));
        }
        CompletableFuture<SyncResult> reply = groups.ask(request.groupId(), waiting -> command(request, waiting));
        return abandoned
                .follow(request.groupId(), reply, context.connection())
                .thenApply(result -> Reply.of(new SyncGroupResponseData()
                        .setErrorCode(result.error().code())
                        .setProtocolType(result.protocolType())
                        .setProtocolName(result.protocolName())
                        .setAssignment(result.assignment().array())));
    }

    private static Errors validate(SyncGroupRequestData request, short version) {
        boolean incomplete = request.protocolType() == null || request.protocolName() == null;
        if (version >= FIRST_VERSION_WITH_PROTOCOL && incomplete) {
            return Errors.INCONSISTENT_GROUP_PROTOCOL;
        }
        return request.groupId().isEmpty() ? Errors.INVALID_GROUP_ID : Errors.NONE;
    }

    private static Sync command(SyncGroupRequestData request, CompletableFuture<SyncResult> reply) {
        Map<String, Bytes> assignments = new HashMap<>();
        request.assignments()
                .forEach(assigned -> assignments.put(assigned.memberId(), Bytes.of(assigned.assignment())));
        return new Sync(
                request.memberId(),
                request.groupInstanceId(),
                request.generationId(),
                request.protocolType(),
                request.protocolName(),
                assignments,
                reply);
    }
}
