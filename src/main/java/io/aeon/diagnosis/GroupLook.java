package io.aeon.diagnosis;

import io.aeon.protocol.GroupExtension.AwaitedMember;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * A group at one moment.
 *
 * @param type as Kafka's tools print it
 * @param state as Kafka's tools print it
 * @param groupEpoch of a group of the consumer protocol
 * @param targetEpoch epoch of its target assignment
 * @param awaited the members for which it waits, empty if the broker does not tell
 * @param partitions in which it has members or committed offsets, in order
 */
public record GroupLook(
        String groupId,
        String type,
        String state,
        OptionalInt groupEpoch,
        OptionalInt targetEpoch,
        List<ObservedMember> members,
        Optional<List<AwaitedMember>> awaited,
        Map<TopicPartition, Progress> partitions) {
    /** By topic and number. */
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    /**
     * A member of the group.
     *
     * @param instanceId empty for a dynamic member
     * @param epoch of a member of the consumer protocol
     * @param owned the partitions that it may use or still has to revoke
     * @param target the partitions that it shall have, empty if it is not known
     */
    public record ObservedMember(
            String memberId,
            Optional<String> instanceId,
            String clientId,
            String host,
            OptionalInt epoch,
            Set<TopicPartition> owned,
            Optional<Set<TopicPartition>> target) {}

    /** The member that owns the partition. */
    public Optional<ObservedMember> owner(TopicPartition partition) {
        return members.stream()
                .filter(member -> member.owned().contains(partition))
                .findFirst();
    }

    /** The member with this id. */
    public Optional<ObservedMember> member(String memberId) {
        return members.stream()
                .filter(member -> member.memberId().equals(memberId))
                .findFirst();
    }
}
