package io.aeon.coordinator.group.command;

import io.aeon.coordinator.group.record.PartitionsByTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Answer to a heartbeat of the consumer protocol.
 *
 * @param message why the heartbeat was refused, null without an error
 * @param heartbeatIntervalMs milliseconds after which the member sends its next heartbeat
 * @param assignment the partitions that the member may use, null if they are the same as before
 */
public record ConsumerHeartbeatResult(
        Errors error,
        @Nullable String message,
        String memberId,
        int memberEpoch,
        int heartbeatIntervalMs,
        @Nullable PartitionsByTopic assignment) {
    public static ConsumerHeartbeatResult failed(Errors error, @Nullable String message) {
        return new ConsumerHeartbeatResult(error, message, "", 0, 0, null);
    }

    /** The answer to a member that has left. */
    public static ConsumerHeartbeatResult left(String memberId, int memberEpoch) {
        return new ConsumerHeartbeatResult(Errors.NONE, null, memberId, memberEpoch, 0, null);
    }
}
