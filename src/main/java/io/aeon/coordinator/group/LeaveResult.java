package io.aeon.coordinator.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Answer to a leave.
 *
 * @param error concerns the whole request
 * @param members one for each that wanted to leave, in the request's order
 */
public record LeaveResult(Errors error, List<Left> members) {
    /** What became of one member. */
    public record Left(String memberId, @Nullable String instanceId, Errors error) {}
}
