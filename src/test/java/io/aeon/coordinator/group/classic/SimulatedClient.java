package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.group.GroupDriver.Joiner;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.SyncResult;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** One consumer, with the error handling of real clients. */
final class SimulatedClient {
    private final @Nullable String instanceId;
    private final int version;
    private String memberId = "";
    private @Nullable JoinResult membership;
    private boolean assigned;
    private boolean fenced;
    private CompletableFuture<?> request = CompletableFuture.completedFuture(null);
    private @Nullable CompletableFuture<?> waiting;

    SimulatedClient(@Nullable String instanceId, int version) {
        this.instanceId = instanceId;
        this.version = version;
    }

    @Nullable
    String instanceId() {
        return instanceId;
    }

    boolean waits() {
        return waiting != null && !waiting.isDone();
    }

    /**
     * The client has sent a request.
     *
     * @param answer done when the client has read the reply
     */
    void waitFor(CompletableFuture<?> reply, CompletableFuture<?> answer) {
        request = reply;
        waiting = answer;
    }

    /** The reply to the last request. */
    CompletableFuture<?> request() {
        return request;
    }

    boolean isFenced() {
        return fenced;
    }

    void fence() {
        fenced = true;
    }

    @Nullable
    JoinResult membership() {
        return membership;
    }

    boolean isAssigned() {
        return assigned;
    }

    Joiner joiner() {
        return Joiner.member()
                .withTimeouts(2000, 1500)
                .as(instanceId)
                .withId(memberId)
                .inVersion(version);
    }

    void joined(JoinResult result) {
        if (result.error() == Errors.NONE) {
            membership = result;
            memberId = result.memberId();
            assigned = false;
        } else if (result.error() == Errors.MEMBER_ID_REQUIRED) {
            memberId = result.memberId();
        } else {
            failed(result.error());
        }
    }

    void synced(SyncResult result) {
        assigned = result.error() == Errors.NONE;
        failed(result.error());
    }

    void failed(Errors error) {
        switch (error) {
            case NONE -> {}
            case UNKNOWN_MEMBER_ID -> {
                memberId = "";
                membership = null;
            }
            case FENCED_INSTANCE_ID -> fence();
            default -> membership = null;
        }
        assigned = assigned && membership != null;
    }
}
