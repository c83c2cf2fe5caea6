package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.command.GroupDescription;
import io.aeon.coordinator.group.command.GroupDescription.MemberDescription;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.HoldUp;
import java.util.List;

/** Describes a group for the answers to DescribeGroups. */
final class Descriptions {
    private Descriptions() {}

    static GroupDescription of(CurrentGeneration group, List<HoldUp> holdUps) {
        boolean stable = group.is(GroupState.STABLE);
        String protocol = group.protocol();
        return new GroupDescription(
                group.state(),
                group.protocolType() == null ? "" : group.protocolType(),
                stable && protocol != null ? protocol : "",
                group.members.all().stream()
                        .map(member -> new MemberDescription(
                                member.id,
                                member.instanceId,
                                member.clientId,
                                member.clientHost,
                                stable ? member.metadata(protocol) : Bytes.NONE,
                                member.assignment))
                        .toList(),
                holdUps);
    }
}
