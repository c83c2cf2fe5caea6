package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.member.CommitPermission;
import io.aeon.coordinator.group.member.OffsetRules;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The rules for the offsets of a group of the consumer protocol: members are tested by their member epoch. */
final class ConsumerOffsetRules implements OffsetRules {
    private final ConsumerGroupState state;

    ConsumerOffsetRules(ConsumerGroupState state) {
        this.state = state;
    }

    @Override
    public CommitPermission mayCommit(CommitOffsets commit) {
        if (commit.generation() < 0 && state.members().isEmpty()) {
            return CommitPermission.GRANTED;
        }
        MemberMetadata member = state.member(commit.memberId());
        if (member == null) {
            return CommitPermission.of(Errors.UNKNOWN_MEMBER_ID);
        }
        return !member.usesClassicProtocol() && !commit.knowsMemberEpochs()
                ? CommitPermission.of(Errors.UNSUPPORTED_VERSION)
                : permission(commit.memberId(), commit.generation(), stale(member));
    }

    /** Producers do not know the error STALE_MEMBER_EPOCH. */
    @Override
    public CommitPermission mayCommit(CommitInTransaction commit) {
        if (commit.isAnonymous() || (commit.generation() < 0 && state.members().isEmpty())) {
            return CommitPermission.GRANTED;
        }
        MemberMetadata member = state.member(commit.memberId());
        return member == null
                ? CommitPermission.of(Errors.UNKNOWN_MEMBER_ID)
                : permission(commit.memberId(), commit.generation(), Errors.ILLEGAL_GENERATION);
    }

    /** An older epoch is sufficient for a partition that the member has owned since that epoch (KIP-1251). */
    private CommitPermission permission(String memberId, int epoch, Errors stale) {
        MemberAssignment assignment = state.assignment(memberId);
        if (epoch == assignment.epoch()) {
            return CommitPermission.GRANTED;
        }
        return epoch > assignment.epoch()
                ? CommitPermission.of(stale)
                : new CommitPermission(
                        Errors.NONE, partition -> ownedSince(assignment, partition, epoch) ? Errors.NONE : stale);
    }

    private static boolean ownedSince(MemberAssignment member, TopicIdPartition partition, int epoch) {
        OptionalInt assigned = member.assigned().epoch(partition.topicId(), partition.partition());
        if (assigned.isEmpty()) {
            assigned = member.revoking().epoch(partition.topicId(), partition.partition());
        }
        return assigned.isPresent() && epoch >= assigned.getAsInt();
    }

    private static Errors stale(MemberMetadata member) {
        return member.usesClassicProtocol() ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH;
    }

    /** A request without a member comes from a tool or from an older client. */
    @Override
    public Errors mayFetch(FetchOffsets fetch) {
        @Nullable String memberId = fetch.memberId();
        if (memberId == null && fetch.memberEpoch() < 0) {
            return Errors.NONE;
        }
        MemberMetadata member = memberId == null ? null : state.member(memberId);
        if (memberId == null || member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return fetch.memberEpoch() == state.assignment(memberId).epoch() ? Errors.NONE : stale(member);
    }

    @Override
    public Errors mayDelete() {
        return Errors.NONE;
    }

    /** Only heartbeats keep the session of a member. */
    @Override
    public void committed(GroupStep step, String memberId) {}

    @Override
    public boolean isSubscribedTo(String topic) {
        return SubscribedTopics.include(state, topic);
    }

    @Override
    public OptionalLong retainedSince(CommittedOffset offset) {
        return OptionalLong.of(offset.commitTimestamp());
    }
}
