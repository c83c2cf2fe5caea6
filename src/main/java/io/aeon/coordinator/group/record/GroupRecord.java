package io.aeon.coordinator.group.record;

import io.aeon.coordinator.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record of a group in the offsets topic. A null value deletes the state of an earlier record with the same key. */
public sealed interface GroupRecord permits GroupRecord.GroupMetadata, GroupRecord.OffsetCommit, ConsumerGroupRecord {
    String groupId();

    /** The metadata of a group with its latest generation. */
    record GroupMetadata(String groupId, @Nullable Generation value) implements GroupRecord {}

    /** A committed offset. */
    record OffsetCommit(
            String groupId,
            String topic,
            int partition,
            @Nullable CommittedOffset value) implements GroupRecord {}

    /**
     * A generation.
     *
     * @param protocolType empty for a group that has only offsets
     * @param leader null if there is none, and then the members must join again
     * @param stateTimestamp time at which the group entered its state, milliseconds since the epoch, -1 if unknown
     */
    record Generation(
            String protocolType,
            int id,
            @Nullable String protocol,
            @Nullable String leader,
            long stateTimestamp,
            List<StoredMember> members) {}

    /** A member with its subscription and its assignment. */
    record StoredMember(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            Bytes subscription,
            Bytes assignment) {}
}
