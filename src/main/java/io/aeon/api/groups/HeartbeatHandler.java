package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Heartbeat: keeps a member alive and reports whether its group rebalances. */
public final class HeartbeatHandler implements ApiHandler<HeartbeatRequestData> {
    private final GroupCoordinators groups;

    public HeartbeatHandler(GroupCoordinators groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.HEARTBEAT;
    }

    @Override
    public CompletionStage<Reply> handle(HeartbeatRequestData request, RequestContext context) {
        return beat(request).thenApply(error -> Reply.of(new HeartbeatResponseData().setErrorCode(error.code())));
    }

    private CompletableFuture<Errors> beat(HeartbeatRequestData request) {
        if (request.groupId().isEmpty()) {
            return CompletableFuture.completedFuture(Errors.INVALID_GROUP_ID);
        }
        return groups.ask(
                request.groupId(),
                reply -> new Heartbeat(request.memberId(), request.groupInstanceId(), request.generationId(), reply));
    }
}
