package io.aeon.coordinator.group;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.command.GroupCommand.Delete;
import io.aeon.coordinator.group.member.Membership;
import io.aeon.coordinator.group.offset.Offsets;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.step.AppendsInFlight;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.event.Level;

/** Deletes a group without members on request, and expired offsets with the group that has no others. */
final class GroupDeletion {
    private final Offsets offsets;
    private final Supplier<Membership> members;
    private final AppendsInFlight appends;

    /** @param members the members under the group protocol that they use now */
    GroupDeletion(Offsets offsets, Supplier<Membership> members, AppendsInFlight appends) {
        this.offsets = offsets;
        this.members = members;
        this.appends = appends;
    }

    void delete(GroupStep step, Delete delete) {
        Membership present = members.get();
        Errors error = !present.exists()
                ? Errors.GROUP_ID_NOT_FOUND
                : present.isEmpty() ? Errors.NONE : Errors.NON_EMPTY_GROUP;
        if (error != Errors.NONE) {
            step.reply(delete.reply(), error);
            return;
        }
        offsets.removeAll(step, present.tombstones(), (later, failure, base) -> later.reply(delete.reply(), failure));
    }

    void expire(GroupStep step) {
        List<TopicPartition> expired = offsets.expired(step.now());
        boolean whole = offsets.hasNoOthers(expired) && isUnused();
        if (!expired.isEmpty() || whole) {
            List<GroupRecord> rest = whole ? members.get().tombstones() : List.of();
            String what = "expired: " + expired.size() + " offsets" + (whole ? " and the group" : "");
            offsets.remove(step, expired, rest, (later, error, base) -> {
                if (error == Errors.NONE) {
                    later.note(Level.INFO, what);
                }
            });
        }
    }

    /** Whether something has expired. */
    boolean isDue(Now now) {
        return !offsets.expired(now).isEmpty() || (isUnused() && offsets.hasNoOthers(List.of()));
    }

    private boolean isUnused() {
        return members.get().isEmpty() && members.get().isIdle() && appends.isEmpty();
    }
}
