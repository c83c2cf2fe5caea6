package io.aeon.coordinator.group;

import io.aeon.coordinator.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the offsets topic keeps of a group. A null value ends what an earlier record with the same key said. */
public sealed interface GroupRecord {
    String groupId();

    /** A group as its latest generation left it. */
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
     * @param protocolType empty for a group that only holds offsets
     * @param stateTimestamp when the group came into its state, milliseconds since the epoch, -1 if unknown
     */
    record Generation(
            String protocolType,
            int id,
            @Nullable String protocol,
            @Nullable String leader,
            long stateTimestamp,
            List<StoredMember> members) {}

    /** A member with what it said about itself and what its leader gave it. */
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
