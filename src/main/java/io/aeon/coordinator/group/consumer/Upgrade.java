package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.classic.ClassicGroup;
import io.aeon.coordinator.group.classic.PresentMember;
import io.aeon.coordinator.group.consumer.ConsumerProtocol.Subscribed;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.record.AssignmentEpochs;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.AssignmentRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Computed;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Epoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.GroupEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.MemberRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetRecord;
import io.aeon.coordinator.group.record.GroupRecord.StoredMember;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.record.MemberMetadata.ClassicMetadata;
import io.aeon.coordinator.group.record.MemberState;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.event.Level;

/**
 * Makes a classic group with members a group of the consumer protocol (KIP-848). The members keep their partitions and
 * go on with the classic protocol.
 */
final class Upgrade {
    private final ClassicGroup classic;
    private final Draft draft;
    private final MemberDeadlines deadlines;
    private final int epoch;

    /** The state of one member after the upgrade. */
    private record Converted(String memberId, MemberMetadata metadata, PartitionsByTopic assigned) {}

    /** @param deadlines those of the consumer group */
    Upgrade(ClassicGroup classic, Draft draft, MemberDeadlines deadlines) {
        this.classic = classic;
        this.draft = draft;
        this.deadlines = deadlines;
        this.epoch = Math.max(1, classic.generation());
    }

    /** @throws ApiException the group cannot be upgraded */
    void convert() {
        check();
        List<Converted> members = new ArrayList<>();
        classic.members().forEach(member -> members.add(converted(member)));
        String group = draft.groupId();
        classic.tombstones().forEach(draft::add);
        members.forEach(each -> draft.add(new MemberRecord(group, each.memberId(), each.metadata())));
        long hash = new SubscribedTopics(draft.state(), draft.image()).hash();
        draft.add(new GroupEpoch(group, new Epoch(epoch, hash)));
        members.forEach(each -> draft.add(new TargetRecord(group, each.memberId(), each.assigned())));
        draft.add(new TargetEpoch(group, new Computed(epoch, 0)));
        members.forEach(each -> draft.add(new AssignmentRecord(
                group,
                each.memberId(),
                new MemberAssignment(
                        epoch,
                        epoch,
                        MemberState.STABLE,
                        AssignmentEpochs.of(each.assigned(), epoch),
                        AssignmentEpochs.NONE))));
        draft.whenDurable(later -> classic.handOver(later, deadlines));
        draft.note(Level.INFO, "the group of " + members.size() + " classic members takes the consumer protocol");
    }

    private void check() {
        if (!draft.settings().migration().upgrades()) {
            throw refused("online upgrade is disabled.");
        }
        if (!classic.usesConsumerProtocol()) {
            throw refused("the group does not use the consumer embedded protocol.");
        }
        if (classic.size() > draft.settings().maxSize()) {
            throw refused("the group size exceeds the consumer group maximum size.");
        }
    }

    private ApiException refused(String reason) {
        return Errors.GROUP_ID_NOT_FOUND.exception(
                "Cannot upgrade classic group " + draft.groupId() + " to consumer group because " + reason);
    }

    private Converted converted(PresentMember present) {
        StoredMember member = present.stored();
        Subscribed subscription = ConsumerProtocol.subscription(member.subscription(), draft.image())
                .orElseThrow(() -> refused("the embedded consumer protocol is malformed."));
        PartitionsByTopic assigned = ConsumerProtocol.assignment(member.assignment(), draft.image())
                .orElseThrow(() -> refused("an unsupported custom assignor is in use. Please refer to the"
                        + " documentation or switch to a default assignor before re-attempting the upgrade."));
        MemberMetadata metadata = new MemberMetadata(
                member.instanceId(),
                subscription.rackId(),
                member.clientId(),
                member.clientHost(),
                subscription.topics(),
                "",
                member.rebalanceTimeoutMs(),
                null,
                new ClassicMetadata(member.sessionTimeoutMs(), present.protocols()));
        return new Converted(member.memberId(), metadata, assigned);
    }
}
