package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.command.ConsumerGroupRequest.ConsumerHeartbeat;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.AssignmentRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Computed;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.GroupEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.MemberRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.OldTopicMetadata;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.RegexRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetRecord;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.MemberMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Removes members of a consumer group that leave or are fenced. */
final class ConsumerDepartures {
    private final GroupEpochs epochs;
    private final Regexes regexes;
    private final Downgrade downgrade;

    ConsumerDepartures(GroupEpochs epochs, Regexes regexes, Downgrade downgrade) {
        this.epochs = epochs;
        this.regexes = regexes;
        this.downgrade = downgrade;
    }

    static ApiException unknown(Draft draft, String memberId) {
        return Errors.UNKNOWN_MEMBER_ID.exception(
                "Member " + memberId + " is not a member of group " + draft.groupId() + ".");
    }

    /** @throws ApiException the static member is unknown or has another member id now */
    static void checkInstance(@Nullable String current, String memberId, String instanceId) {
        if (current == null) {
            throw Errors.UNKNOWN_MEMBER_ID.exception("Instance id " + instanceId + " is unknown.");
        }
        if (!current.equals(memberId)) {
            throw Errors.FENCED_INSTANCE_ID.exception("Static member " + memberId + " with instance id " + instanceId
                    + " was fenced by member " + current + ".");
        }
    }

    /** A member leaves by its heartbeat: for good, or as a static member that may return. */
    ConsumerHeartbeatResult leave(Draft draft, ConsumerHeartbeat request) {
        ConsumerGroupState state = draft.state();
        if (!state.exists()) {
            throw Errors.GROUP_ID_NOT_FOUND.exception("Group " + draft.groupId() + " not found.");
        }
        String memberId = request.memberId();
        if (request.instanceId() != null) {
            checkInstance(state.index().idOfInstance(request.instanceId()), memberId, request.instanceId());
        } else if (state.member(memberId) == null) {
            throw unknown(draft, memberId);
        }
        if (request.instanceId() != null && request.memberEpoch() == MemberAssignment.LEFT_FOR_A_WHILE) {
            MemberAssignment left = state.assignment(memberId).leftForAWhile();
            draft.add(new AssignmentRecord(draft.groupId(), memberId, left));
        } else {
            leave(draft, Set.of(memberId));
        }
        return ConsumerHeartbeatResult.left(memberId, request.memberEpoch());
    }

    /** Removes members that leave. */
    void leave(Draft draft, Collection<String> memberIds) {
        Map<String, String> reasons = new LinkedHashMap<>();
        memberIds.forEach(memberId -> reasons.put(memberId, "it leaves"));
        fence(draft, reasons);
    }

    /**
     * Removes members, which begins the next group epoch, or ends the protocol with its last member. All that must go
     * at a time are removed together, so that the downgrade keeps none of them.
     *
     * @param reasons by member id
     */
    void fence(Draft draft, Map<String, String> reasons) {
        if (reasons.isEmpty()) {
            return;
        }
        reasons.forEach((memberId, reason) -> {
            MemberMetadata member = draft.state().member(memberId);
            remove(draft, memberId);
            if (member != null) {
                regexes.dropUnused(draft, member.regex());
            }
            draft.note(Level.INFO, "member " + memberId + " is removed: " + reason);
        });
        if (downgrade.isDue(draft)) {
            downgrade.convert(draft, true);
        } else {
            epochs.next(draft);
            endTarget(draft);
        }
    }

    /** A group without members has the empty target; timestamp 0 lets the next member get its own at once. */
    private static void endTarget(Draft draft) {
        if (draft.state().members().isEmpty()) {
            draft.add(
                    new TargetEpoch(draft.groupId(), new Computed(draft.state().groupEpoch(), 0)));
        }
    }

    static void remove(Draft draft, String memberId) {
        draft.add(new AssignmentRecord(draft.groupId(), memberId, null));
        draft.add(new TargetRecord(draft.groupId(), memberId, null));
        draft.add(new MemberRecord(draft.groupId(), memberId, null));
    }

    /** The records that delete the group without its offsets. */
    static List<GroupRecord> tombstones(String groupId, ConsumerGroupState state) {
        List<GroupRecord> records = new ArrayList<>();
        Set<String> members = state.members().keySet();
        members.forEach(member -> records.add(new AssignmentRecord(groupId, member, null)));
        members.forEach(member -> records.add(new TargetRecord(groupId, member, null)));
        records.add(new TargetEpoch(groupId, null));
        members.forEach(member -> records.add(new MemberRecord(groupId, member, null)));
        state.regexes().keySet().forEach(regex -> records.add(new RegexRecord(groupId, regex, null)));
        records.add(new OldTopicMetadata(groupId, null));
        records.add(new GroupEpoch(groupId, null));
        return records;
    }
}
