package io.aeon.coordinator.group.member;

import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.OptionalLong;
import org.apache.kafka.common.protocol.Errors;

/**
 * The rules of a group protocol for committed offsets: who may commit, read and delete them, and how long they stay.
 */
public interface OffsetRules {
    CommitPermission mayCommit(CommitOffsets commit);

    CommitPermission mayCommit(CommitInTransaction commit);

    /** NONE if the sender may read the group's offsets, otherwise the error. */
    Errors mayFetch(FetchOffsets fetch);

    /** NONE if offsets of topics without a subscription may be deleted, otherwise the error. */
    Errors mayDelete();

    /** A member has committed offsets. */
    void committed(GroupStep step, String memberId);

    /** Whether a member may need the committed offsets of this topic. */
    boolean isSubscribedTo(String topic);

    /** Start of an offset's retention, empty while the group may still need the offset. */
    OptionalLong retainedSince(CommittedOffset offset);
}
