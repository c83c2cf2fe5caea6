package io.aeon.coordinator.group.command;

import io.aeon.coordinator.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group with its members.
 *
 * @param protocol the chosen assignor, empty unless the group is stable
 * @param holdUps the members for which the others wait
 */
public record GroupDescription(
        GroupState state, String protocolType, String protocol, List<MemberDescription> members, List<HoldUp> holdUps) {
    /** A member of the group; its metadata is empty unless the group is stable. */
    public record MemberDescription(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String clientHost,
            Bytes metadata,
            Bytes assignment) {}
}
