package io.aeon.coordinator.group.command;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Answer to a leave.
 *
 * @param error the error of the whole request
 * @param members one result per leaving member, in the order of the request
 */
public record LeaveResult(Errors error, List<Left> members) {
    /** The result for one member. */
    public record Left(String memberId, @Nullable String instanceId, Errors error) {}
}
