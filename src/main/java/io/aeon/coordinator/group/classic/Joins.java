package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.member.MemberDeadlines.Key;
import io.aeon.coordinator.group.record.Protocol;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Handles the joins of new members and of members that rejoin. */
final class Joins {
    /**
     * Milliseconds for which a new member is kept without a heartbeat. Its first join may wait for a whole rebalance,
     * and a client that loses the connection during this time never receives its member id.
     */
    static final int NEW_MEMBER_TIMEOUT_MS = 300_000;

    /**
     * A client id may be as long as a Kafka string allows; the member id that contains it must still fit into a Kafka
     * string.
     */
    private static final int LONGEST_NAME_IN_ID = 1000;

    private final CurrentGeneration group;
    private final Members members;
    private final Rebalance rebalance;
    private final MemberDeadlines deadlines;
    private final GroupSettings settings;
    private final Supplier<UUID> ids;

    Joins(
            CurrentGeneration group,
            Rebalance rebalance,
            MemberDeadlines deadlines,
            GroupSettings settings,
            Supplier<UUID> ids) {
        this.ids = ids;
        this.group = group;
        this.members = group.members;
        this.rebalance = rebalance;
        this.deadlines = deadlines;
        this.settings = settings;
    }

    void join(GroupStep step, Join join) {
        if (!settings.allowsSession(join.sessionTimeoutMs())) {
            refuse(step, join, Errors.INVALID_SESSION_TIMEOUT, join.memberId());
            return;
        }
        if (group.is(GroupState.DEAD)) {
            if (!join.memberId().isEmpty()) {
                refuse(step, join, Errors.UNKNOWN_MEMBER_ID, join.memberId());
                return;
            }
            group.enter(GroupState.EMPTY, step.now());
        }
        if (!hasRoomFor(join.memberId())) {
            rebalance.drop(step, join.memberId());
            refuse(step, join, Errors.GROUP_MAX_SIZE_REACHED, "");
        } else if (grows(join) && !settings.heap().admits()) {
            refuse(step, join, Errors.GROUP_MAX_SIZE_REACHED, "");
        } else if (!group.supports(join.protocolType(), join.protocols())) {
            refuse(step, join, Errors.INCONSISTENT_GROUP_PROTOCOL, join.memberId());
        } else if (join.memberId().isEmpty()) {
            joinNew(step, join);
        } else {
            joinKnown(step, join);
        }
    }

    private static void refuse(GroupStep step, Join join, Errors error, String memberId) {
        step.reply(join.reply(), JoinResult.failed(error, memberId));
    }

    /** During a rebalance only joined members count for the maximum size, because the others may have disconnected. */
    private boolean hasRoomFor(String memberId) {
        Member member = members.get(memberId);
        return switch (group.state()) {
            case EMPTY, DEAD -> true;
            case PREPARING_REBALANCE ->
                (member != null && member.isAwaitingJoin()) || members.awaitingJoin() < settings.maxSize();
            case COMPLETING_REBALANCE, STABLE -> member != null || members.size() < settings.maxSize();
        };
    }

    private boolean grows(Join join) {
        Member member = members.get(join.memberId());
        return member == null || Protocol.heapBytes(join.protocols()) > Protocol.heapBytes(member.protocols);
    }

    private void joinNew(GroupStep step, Join join) {
        String instanceId = join.instanceId();
        String newId = newId(instanceId == null ? join.clientId() : instanceId);
        if (instanceId != null) {
            String current = members.idOfInstance(instanceId);
            if (current == null) {
                add(step, join, newId);
            } else {
                replace(step, join, current, newId);
            }
        } else if (join.mustKnowId()) {
            members.expect(newId);
            deadlines.set(Key.session(newId), step.now(), join.sessionTimeoutMs());
            refuse(step, join, Errors.MEMBER_ID_REQUIRED, newId);
        } else {
            add(step, join, newId);
        }
    }

    private String newId(String name) {
        return name.substring(0, Math.min(name.length(), LONGEST_NAME_IN_ID)) + "-" + ids.get();
    }

    private void joinKnown(GroupStep step, Join join) {
        if (members.isPending(join.memberId()) && join.instanceId() == null) {
            add(step, join, join.memberId());
            return;
        }
        Errors error = members.validate(join.memberId(), join.instanceId());
        Member member = members.get(join.memberId());
        if (error != Errors.NONE || member == null) {
            refuse(step, join, error == Errors.NONE ? Errors.UNKNOWN_MEMBER_ID : error, join.memberId());
            return;
        }
        if (changesGeneration(member, join)) {
            members.update(member, join.protocols(), join.rebalanceTimeoutMs(), join.sessionTimeoutMs());
            members.awaitJoin(step, member, join.reply());
            if (member.isNew) {
                deadlines.set(Key.session(member.id), step.now(), NEW_MEMBER_TIMEOUT_MS);
            }
            rebalance.prepareOrComplete(step, "member " + member.id + " rejoins" + because(join));
        } else {
            rebalance.keepSession(step, member);
            step.reply(join.reply(), group.joined(member));
        }
    }

    /** A join that repeats the known protocols is answered with the present generation: the first answer was lost. */
    private boolean changesGeneration(Member member, Join join) {
        return switch (group.state()) {
            case COMPLETING_REBALANCE -> !member.protocols.equals(join.protocols());
            case STABLE -> members.isLeader(member.id) || !member.protocols.equals(join.protocols());
            case PREPARING_REBALANCE, EMPTY, DEAD -> true;
        };
    }

    private void add(GroupStep step, Join join, String memberId) {
        Member member = new Member(
                memberId,
                join.instanceId(),
                join.clientId(),
                join.clientHost(),
                join.rebalanceTimeoutMs(),
                join.sessionTimeoutMs(),
                join.protocols());
        member.isNew = true;
        rebalance.memberAdded();
        group.admit(member, join.protocolType());
        members.awaitJoin(step, member, join.reply());
        deadlines.set(Key.session(memberId), step.now(), NEW_MEMBER_TIMEOUT_MS);
        rebalance.prepareOrComplete(step, "member " + memberId + " joins" + because(join));
    }

    /** A static member that joins without its member id takes over its place and its assignment (KIP-345). */
    private void replace(GroupStep step, Join join, String oldId, String newId) {
        String oldLeader = members.leader();
        Member member = members.replace(step, oldId, newId);
        rebalance.renamed(step, oldId, member);
        members.update(member, join.protocols(), join.rebalanceTimeoutMs(), join.sessionTimeoutMs());
        members.awaitJoin(step, member, join.reply());
        String reason = "static member " + join.instanceId() + " has rejoined as " + newId + because(join);
        if (group.is(GroupState.STABLE) && members.selectProtocol().equals(group.protocol())) {
            storeReplacement(step, join, member, oldLeader);
        } else if (group.is(GroupState.PREPARING_REBALANCE)) {
            rebalance.completeIfAllJoined(step);
        } else {
            rebalance.prepare(step, reason);
        }
    }

    private void storeReplacement(GroupStep step, Join join, Member member, @Nullable String oldLeader) {
        Map<String, Bytes> assignments = new HashMap<>();
        members.all().forEach(one -> assignments.put(one.id, one.assignment));
        int generation = group.generation();
        step.append(List.of(group.record(assignments)), (later, error, offset) -> {
            if (member.awaitingJoin != join.reply()) {
                return;
            }
            if (error != Errors.NONE) {
                members.answerJoin(later, member, JoinResult.failed(error, ""));
            } else if (group.is(GroupState.STABLE) && group.generation() == generation) {
                members.answerJoin(later, member, replacement(join, member, oldLeader));
            }
        });
    }

    /**
     * A returning leader must not compute a new assignment. A client that does not support this gets the leader's old
     * id, so that it acts as a follower.
     */
    private JoinResult replacement(Join join, Member member, @Nullable String oldLeader) {
        if (!join.maySkipAssignment()) {
            return group.joined(member, oldLeader, false, List.of());
        }
        boolean leads = members.isLeader(member.id);
        return group.joined(member, members.leader(), leads, leads ? group.everybody() : List.of());
    }

    private static String because(Join join) {
        return join.reason().isEmpty() ? "" : " (" + join.reason() + ")";
    }
}
