package io.aeon.coordinator.group.command;

import io.aeon.coordinator.Bytes;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Answer to a join.
 *
 * @param generation the group's generation, -1 with most errors
 * @param protocolName the chosen assignor
 * @param leader the leader's member id, empty with an error
 * @param skipAssignment the leader must not compute a new assignment (KIP-814)
 * @param members all members if this member is the leader, otherwise empty
 */
public record JoinResult(
        Errors error,
        String memberId,
        int generation,
        @Nullable String protocolType,
        @Nullable String protocolName,
        String leader,
        boolean skipAssignment,
        List<JoinedMember> members) {

    /** A member as the leader receives it; the metadata belongs to the chosen assignor. */
    public record JoinedMember(String memberId, @Nullable String instanceId, Bytes metadata) {}

    public static JoinResult failed(Errors error, String memberId) {
        return new JoinResult(error, memberId, -1, null, null, "", false, List.of());
    }
}
