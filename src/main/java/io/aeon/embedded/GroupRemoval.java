package io.aeon.embedded;

import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.group.command.ConsumerGroupDescription;
import io.aeon.coordinator.group.command.ConsumerGroupDescription.DescribedMember;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.ConsumerHeartbeat;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.DescribeConsumerGroup;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand.Describe;
import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.Leaver;
import io.aeon.coordinator.group.command.GroupDescription;
import io.aeon.coordinator.group.command.GroupDescription.MemberDescription;
import io.aeon.coordinator.group.command.LeaveResult;
import java.util.List;

/** Removes members from groups of both protocols. */
final class GroupRemoval {
    /** The member epoch of a heartbeat by which a member leaves for good (KIP-848). */
    private static final int LEAVES = -1;

    private GroupRemoval() {}

    /** @throws IllegalArgumentException the group has no members here */
    static void removeAll(GroupCoordinators groups, String group) {
        ConsumerGroupDescription consumer =
                groups.ask(group, DescribeConsumerGroup::new).join().group();
        GroupDescription classic = groups.ask(group, Describe::new).join().group();
        if (consumer != null && !consumer.members().isEmpty()) {
            consumer.members().forEach(member -> remove(groups, group, member));
        } else if (classic != null && !classic.members().isEmpty()) {
            remove(groups, group, classic.members());
        } else {
            throw new IllegalArgumentException("no group " + group + " with members is coordinated here");
        }
    }

    private static void remove(GroupCoordinators groups, String group, List<MemberDescription> members) {
        List<Leaver> leavers = members.stream()
                .map(member -> new Leaver(member.memberId(), null, "a test wants a rebalance"))
                .toList();
        groups.<LeaveResult>ask(group, reply -> new Leave(leavers, reply)).join();
    }

    /** An administrator can remove members of the classic protocol only, so this one leaves by its heartbeat. */
    private static void remove(GroupCoordinators groups, String group, DescribedMember member) {
        groups.<ConsumerHeartbeatResult>ask(
                        group,
                        reply -> new ConsumerHeartbeat(
                                member.memberId(),
                                LEAVES,
                                member.instanceId(),
                                null,
                                -1,
                                null,
                                null,
                                null,
                                null,
                                member.clientId(),
                                member.clientHost(),
                                reply))
                .join();
    }
}
