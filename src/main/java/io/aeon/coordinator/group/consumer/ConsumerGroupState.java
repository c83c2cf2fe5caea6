package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.record.ConsumerGroupRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.AssignmentRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Computed;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Epoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.GroupEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.MemberRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.OldTopicMetadata;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Present;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.RegexRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.ResolvedRegex;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetRecord;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The state of a group of the consumer protocol. Only its records change it. Equal by content. */
final class ConsumerGroupState {
    static final int NO_EPOCH = -1;
    private static final int FIRST_EPOCH = 1;

    /** Estimated heap of a partition in an assignment or in the target. */
    private static final long PARTITION_BYTES = 128;

    /** Estimated heap of a topic that a regular expression matches. */
    private static final long MATCH_BYTES = 128;

    private final Map<String, MemberMetadata> members = new TreeMap<>();
    private final Map<String, MemberAssignment> assignments = new TreeMap<>();
    private final Map<String, PartitionsByTopic> targets = new TreeMap<>();
    private final Map<String, ResolvedRegex> regexes = new TreeMap<>();
    private @Nullable Epoch epoch;
    private @Nullable Computed computed;
    private @Nullable Present oldTopicMetadata;

    private final MemberIndex index = new MemberIndex();
    private final PartitionOwners owners = new PartitionOwners();
    private final PartitionOwners targetOwners = new PartitionOwners();
    private long matches;

    /** Applies a record; returns the record that takes it back. */
    ConsumerGroupRecord apply(ConsumerGroupRecord record) {
        String group = record.groupId();
        if (record instanceof GroupEpoch change) {
            GroupEpoch old = new GroupEpoch(group, epoch);
            epoch = change.value();
            return old;
        } else if (record instanceof OldTopicMetadata change) {
            OldTopicMetadata old = new OldTopicMetadata(group, oldTopicMetadata);
            oldTopicMetadata = change.value();
            return old;
        } else if (record instanceof TargetEpoch change) {
            TargetEpoch old = new TargetEpoch(group, computed);
            computed = change.value();
            return old;
        } else if (record instanceof MemberRecord change) {
            MemberMetadata old = put(members, change.memberId(), change.value());
            index.replace(change.memberId(), old, change.value());
            return new MemberRecord(group, change.memberId(), old);
        } else if (record instanceof AssignmentRecord change) {
            return apply(change);
        } else if (record instanceof TargetRecord change) {
            PartitionsByTopic old = put(targets, change.memberId(), change.value());
            targetOwners.remove(change.memberId(), old);
            targetOwners.add(change.memberId(), change.value());
            return new TargetRecord(group, change.memberId(), old);
        }
        RegexRecord change = (RegexRecord) record;
        ResolvedRegex old = put(regexes, change.regex(), change.value());
        matches += matches(change.value()) - matches(old);
        return new RegexRecord(group, change.regex(), old);
    }

    private static int matches(@Nullable ResolvedRegex regex) {
        return regex == null ? 0 : regex.topics().size();
    }

    private ConsumerGroupRecord apply(AssignmentRecord change) {
        MemberAssignment old = put(assignments, change.memberId(), change.value());
        if (old != null) {
            owners.remove(change.memberId(), old.assigned().partitions());
            owners.remove(change.memberId(), old.revoking().partitions());
        }
        if (change.value() != null) {
            owners.add(change.memberId(), change.value().assigned().partitions());
            owners.add(change.memberId(), change.value().revoking().partitions());
        }
        return new AssignmentRecord(change.groupId(), change.memberId(), old);
    }

    private static <V> @Nullable V put(Map<String, V> map, String key, @Nullable V value) {
        return value == null ? map.remove(key) : map.put(key, value);
    }

    /** Estimated bytes of heap. */
    long heapBytes() {
        return index.heapBytes() + PARTITION_BYTES * (owners.size() + targetOwners.size()) + MATCH_BYTES * matches;
    }

    /** Whether the group exists as a group of the consumer protocol. */
    boolean exists() {
        return epoch != null || !members.isEmpty();
    }

    /** Whether no record of the group is left, not even of one that was deleted in part. */
    boolean isVacant() {
        return epoch == null
                && computed == null
                && oldTopicMetadata == null
                && members.isEmpty()
                && assignments.isEmpty()
                && targets.isEmpty()
                && regexes.isEmpty();
    }

    /** The group epoch, 1 before the first record of an epoch; a member cannot be told epoch 0, with which it joins. */
    int groupEpoch() {
        return epoch == null ? FIRST_EPOCH : epoch.epoch();
    }

    long metadataHash() {
        return epoch == null ? 0 : epoch.metadataHash();
    }

    boolean hasOldTopicMetadata() {
        return oldTopicMetadata != null;
    }

    /** The group epoch of the target assignment, {@link #NO_EPOCH} if there is none. */
    int targetEpoch() {
        return computed == null ? NO_EPOCH : computed.epoch();
    }

    /** Whether the target assignment was not computed, but taken over or given up. */
    boolean isTargetProvisional() {
        return computed == null || computed.timestamp() == 0;
    }

    /** The members by member id. */
    Map<String, MemberMetadata> members() {
        return Collections.unmodifiableMap(members);
    }

    @Nullable
    MemberMetadata member(String memberId) {
        return members.get(memberId);
    }

    /** The present assignment; of a member without one, that of a member that has just joined. */
    MemberAssignment assignment(String memberId) {
        return assignments.getOrDefault(memberId, MemberAssignment.FIRST);
    }

    PartitionsByTopic target(String memberId) {
        return targets.getOrDefault(memberId, PartitionsByTopic.NONE);
    }

    boolean hasTarget(String memberId) {
        return targets.containsKey(memberId);
    }

    Map<String, ResolvedRegex> regexes() {
        return Collections.unmodifiableMap(regexes);
    }

    MemberIndex index() {
        return index;
    }

    /** Whether no member owns the partition or still has to revoke it. */
    boolean isFree(Uuid topic, int partition) {
        return owners.of(topic, partition) == null;
    }

    /** Whether the target assignment gives the partition to a member. */
    boolean isTargeted(Uuid topic, int partition) {
        return targetOwners.of(topic, partition) != null;
    }

    /** The topics of a regular expression, none while it is not resolved. */
    Set<String> topicsOf(String regex) {
        ResolvedRegex resolved = regexes.get(regex);
        return resolved == null ? Set.of() : resolved.topics();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConsumerGroupState that
                && members.equals(that.members)
                && assignments.equals(that.assignments)
                && targets.equals(that.targets)
                && regexes.equals(that.regexes)
                && Objects.equals(epoch, that.epoch)
                && Objects.equals(computed, that.computed)
                && Objects.equals(oldTopicMetadata, that.oldTopicMetadata);
    }

    @Override
    public int hashCode() {
        return Objects.hash(members, assignments, targets, regexes, epoch, computed, oldTopicMetadata);
    }

    @Override
    public String toString() {
        return epoch + ", " + computed + ", members " + members + ", assignments " + assignments + ", targets "
                + targets + ", regexes " + regexes;
    }
}
