package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.member.CommitPermission;
import io.aeon.coordinator.group.member.OffsetRules;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.OptionalLong;
import org.apache.kafka.common.protocol.Errors;

/** The rules for the offsets of a group of the classic protocol: members are tested by their generation. */
final class ClassicOffsetRules implements OffsetRules {
    private final CurrentGeneration group;
    private final Rebalance rebalance;

    ClassicOffsetRules(CurrentGeneration group, Rebalance rebalance) {
        this.group = group;
        this.rebalance = rebalance;
    }

    @Override
    public CommitPermission mayCommit(CommitOffsets commit) {
        return CommitPermission.of(validate(commit));
    }

    private Errors validate(CommitOffsets commit) {
        if (commit.generation() < 0 && (isEmpty() || !exists())) {
            return Errors.NONE;
        }
        if (!exists()) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        if (commit.generation() < 0 && commit.memberId().isEmpty() && commit.instanceId() == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        Errors error = group.members.validate(commit.memberId(), commit.instanceId());
        if (error != Errors.NONE) {
            return error;
        }
        if (commit.generation() != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        return group.is(GroupState.COMPLETING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    @Override
    public CommitPermission mayCommit(CommitInTransaction commit) {
        return CommitPermission.of(validate(commit));
    }

    /** Old producers do not send their group member: only their transactional id fences them (KIP-447). */
    private Errors validate(CommitInTransaction commit) {
        if (commit.isAnonymous() || (commit.generation() < 0 && (isEmpty() || !exists()))) {
            return Errors.NONE;
        }
        if (!exists()) {
            return Errors.ILLEGAL_GENERATION;
        }
        Errors error = group.members.validate(commit.memberId(), commit.instanceId());
        return error == Errors.NONE && commit.generation() != group.generation() ? Errors.ILLEGAL_GENERATION : error;
    }

    @Override
    public Errors mayFetch(FetchOffsets fetch) {
        return Errors.NONE;
    }

    @Override
    public Errors mayDelete() {
        if (!exists()) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        return isEmpty() || group.usesConsumerProtocol() ? Errors.NONE : Errors.NON_EMPTY_GROUP;
    }

    @Override
    public void committed(GroupStep step, String memberId) {
        Member member = group.members.get(memberId);
        if (member != null) {
            rebalance.keepSession(step, member);
        }
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return group.isSubscribedTo(topic);
    }

    @Override
    public OptionalLong retainedSince(CommittedOffset offset) {
        if (group.protocolType() == null) {
            return OptionalLong.of(offset.commitTimestamp());
        }
        if (isEmpty()) {
            return OptionalLong.of(group.since().orElse(offset.commitTimestamp()));
        }
        boolean readable = group.is(GroupState.STABLE) && group.usesConsumerProtocol() && group.knowsSubscriptions();
        return readable ? OptionalLong.of(offset.commitTimestamp()) : OptionalLong.empty();
    }

    private boolean exists() {
        return !group.is(GroupState.DEAD);
    }

    private boolean isEmpty() {
        return group.is(GroupState.EMPTY);
    }
}
