package io.aeon.coordinator.group.record;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A record of a group of the consumer protocol (KIP-848). */
public sealed interface ConsumerGroupRecord extends GroupRecord {
    /** The epoch of the group. */
    record GroupEpoch(String groupId, @Nullable Epoch value) implements ConsumerGroupRecord {}

    /**
     * An epoch.
     *
     * @param metadataHash hash of the subscribed topics at this epoch (KIP-1101), 0 without topics
     */
    record Epoch(int epoch, long metadataHash) {}

    /** The topics of the group as Kafka before 4.1 kept them. Aeon only deletes such a record. */
    record OldTopicMetadata(String groupId, @Nullable Present value) implements ConsumerGroupRecord {}

    /** The record exists; nothing of its contents is needed. */
    enum Present {
        PRESENT
    }

    /** A member. */
    record MemberRecord(
            String groupId, String memberId, @Nullable MemberMetadata value) implements ConsumerGroupRecord {}

    /** The epoch of the target assignment. */
    record TargetEpoch(String groupId, @Nullable Computed value) implements ConsumerGroupRecord {}

    /**
     * A target assignment was computed.
     *
     * @param epoch the group epoch for which it was computed
     * @param timestamp milliseconds since the epoch, 0 if unknown
     */
    record Computed(int epoch, long timestamp) {}

    /** The target assignment of a member. */
    record TargetRecord(
            String groupId, String memberId, @Nullable PartitionsByTopic value) implements ConsumerGroupRecord {}

    /** The present assignment of a member. */
    record AssignmentRecord(
            String groupId, String memberId, @Nullable MemberAssignment value) implements ConsumerGroupRecord {}

    /** A regular expression to which members are subscribed. */
    record RegexRecord(
            String groupId, String regex, @Nullable ResolvedRegex value) implements ConsumerGroupRecord {}

    /**
     * The topics that match a regular expression.
     *
     * @param version version of the metadata in which they were searched
     * @param timestamp milliseconds since the epoch
     */
    record ResolvedRegex(Set<String> topics, long version, long timestamp) {}
}
