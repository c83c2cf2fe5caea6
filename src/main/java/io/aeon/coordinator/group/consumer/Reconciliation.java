package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.record.AssignmentEpochs;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.MemberState;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Moves a member of a consumer group towards its target assignment (KIP-848): it first revokes what the target does not
 * contain, then enters the target's epoch, and takes new partitions as soon as other members have released them.
 */
final class Reconciliation {
    private final MemberAssignment member;
    private final int targetEpoch;
    private final PartitionsByTopic target;
    private final Predicate<Uuid> subscribed;
    private final BiPredicate<Uuid, Integer> isFree;
    private final @Nullable PartitionsByTopic reported;

    /**
     * @param subscribed whether the member is subscribed to the present topic with this id
     * @param isFree whether no member owns the partition
     * @param reported the partitions that the member owns by its own report, null if it has reported nothing
     */
    Reconciliation(
            MemberAssignment member,
            int targetEpoch,
            PartitionsByTopic target,
            Predicate<Uuid> subscribed,
            BiPredicate<Uuid, Integer> isFree,
            @Nullable PartitionsByTopic reported) {
        this.member = member;
        this.targetEpoch = targetEpoch;
        this.target = target;
        this.subscribed = subscribed;
        this.isFree = isFree;
        this.reported = reported;
    }

    /**
     * The next assignment of the member; the same if nothing changes.
     *
     * @param subscriptionChanged whether the member's subscription has just changed: partitions of other topics are
     *     then taken from it at once
     * @throws org.apache.kafka.common.errors.FencedMemberEpochException the member's state is unknown and it owns
     *     partitions
     */
    MemberAssignment next(boolean subscriptionChanged) {
        return switch (member.state()) {
            case STABLE ->
                member.epoch() != targetEpoch ? advance(member.epoch()) : subscriptionChanged ? prune() : member;
            case UNREVOKED_PARTITIONS ->
                !stillOwns(member.revoking()) ? advance(member.epoch()) : subscriptionChanged ? prune() : member;
            case UNRELEASED_PARTITIONS -> advance(member.epoch());
            case UNKNOWN -> {
                if (reported == null || !reported.isEmpty()) {
                    throw Errors.FENCED_MEMBER_EPOCH.exception("The consumer group member is in a unknown state. "
                            + "The member must abandon all its partitions and rejoin.");
                }
                yield advance(targetEpoch);
            }
        };
    }

    /** Without a report the member counts as the owner of everything that it was told to revoke. */
    private boolean stillOwns(AssignmentEpochs revoked) {
        return reported == null || revoked.containsAny(reported);
    }

    private MemberAssignment prune() {
        AssignmentEpochs kept = member.assigned().filter((topic, partition) -> subscribed.test(topic));
        if (kept.equals(member.assigned())) {
            return member;
        }
        AssignmentEpochs revoking = new AssignmentEpochs.Builder()
                .addAll(member.revoking())
                .addAll(member.assigned().filter((topic, partition) -> !subscribed.test(topic)))
                .build();
        return stillOwns(revoking)
                ? member.next(member.epoch(), MemberState.UNREVOKED_PARTITIONS, kept, revoking)
                : member.next(member.epoch(), member.state(), kept, member.revoking());
    }

    private MemberAssignment advance(int epochWhileRevoking) {
        AssignmentEpochs kept = member.assigned().filter(this::isWanted);
        AssignmentEpochs revoking = member.assigned().filter((topic, partition) -> !isWanted(topic, partition));
        if (!revoking.isEmpty() && stillOwns(revoking)) {
            return member.next(epochWhileRevoking, MemberState.UNREVOKED_PARTITIONS, kept, revoking);
        }
        AssignmentEpochs.Builder owned = new AssignmentEpochs.Builder().addAll(kept);
        boolean complete = true;
        for (var topic : target.topics().entrySet()) {
            for (int partition : topic.getValue()) {
                if (!subscribed.test(topic.getKey()) || kept.contains(topic.getKey(), partition)) {
                    continue;
                }
                if (isAvailable(topic.getKey(), partition)) {
                    owned.add(topic.getKey(), partition, targetEpoch);
                } else {
                    complete = false;
                }
            }
        }
        return member.next(
                targetEpoch,
                complete ? MemberState.STABLE : MemberState.UNRELEASED_PARTITIONS,
                owned.build(),
                AssignmentEpochs.NONE);
    }

    private boolean isWanted(Uuid topic, int partition) {
        return target.contains(topic, partition) && subscribed.test(topic);
    }

    /** What the member itself has just revoked is free for it, though it still counts as its owner. */
    private boolean isAvailable(Uuid topic, int partition) {
        return isFree.test(topic, partition) || member.revoking().contains(topic, partition);
    }
}
