package io.aeon.coordinator.group;

import io.aeon.coordinator.group.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.GroupCommand.FetchOffsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.protocol.Errors;

/** The members of a group, and the rules of the group protocol that they use. */
interface Membership {
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

    CommitPermission mayCommit(CommitOffsets commit);

    CommitPermission mayCommit(CommitInTransaction commit);

    /** NONE if the sender may read the group's offsets, otherwise the error. */
    Errors mayFetch(FetchOffsets fetch);

    /** NONE if offsets of topics without a subscription may be deleted, otherwise the error. */
    Errors mayDeleteOffsets();

    /** A member has committed offsets. */
    void committed(GroupStep step, String memberId);

    /** Whether a member may need the committed offsets of this topic. */
    boolean isSubscribedTo(String topic);

    /** Start of an offset's retention, empty while the group may still need the offset. */
    OptionalLong retainedSince(CommittedOffset offset);
}
