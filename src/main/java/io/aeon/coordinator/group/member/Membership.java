package io.aeon.coordinator.group.member;

import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.List;
import java.util.Optional;

/** The members of a group, and the rules of the group protocol that they use. */
public interface Membership {
    /** Handles a request that is not about offsets. */
    void serve(GroupStep step, GroupCommand.Request<?> request);

    /** Starts the deadlines of the members after a replay. */
    void start(GroupStep step);

    /** Handles the deadlines that are due. */
    void tick(GroupStep step);

    /** A lower bound of all deadlines, {@link MemberDeadlines#NONE} if there is none. */
    long nextDeadline();

    /** Estimated bytes of heap that the members take. */
    long heapBytes();

    /** Whether the group exists, with or without members. */
    boolean exists();

    /** Whether the group exists and has no members. */
    boolean isEmpty();

    /** Whether no member is in the group and none is expected. */
    boolean isIdle();

    /** The records that delete the group without its offsets. */
    List<GroupRecord> tombstones();

    /** Its entry in a list, empty if it does not exist. */
    Optional<GroupListing> listing();

    /** The rules of the group protocol for the group's offsets. */
    OffsetRules offsetRules();
}
