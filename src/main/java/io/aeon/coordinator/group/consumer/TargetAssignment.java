package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.environment.TopicMetadata;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.record.ConsumerGroupRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Computed;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetRecord;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.GroupAssignment;
import org.apache.kafka.coordinator.group.api.assignor.GroupSpec;
import org.apache.kafka.coordinator.group.api.assignor.MemberAssignment;
import org.apache.kafka.coordinator.group.api.assignor.MemberSubscription;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;

/** Computes the target assignment of a consumer group with a server-side assignor. */
final class TargetAssignment implements GroupSpec, SubscribedTopicDescriber {
    private final ConsumerGroupState state;
    private final SubscribedTopics topics;
    private final SubscriptionType type;
    private final Map<String, Subscribed> members = new HashMap<>();

    private record Subscribed(Optional<String> rackId, Optional<String> instanceId, Set<Uuid> subscribedTopicIds)
            implements MemberSubscription {}

    TargetAssignment(ConsumerGroupState state, TopicsImage image) {
        this.state = state;
        this.topics = new SubscribedTopics(state, image);
        this.type = topics.type();
        state.members()
                .forEach((id, member) -> members.put(
                        id,
                        new Subscribed(
                                Optional.ofNullable(member.rackId()),
                                Optional.ofNullable(member.instanceId()),
                                topics.ids(member))));
    }

    /**
     * The records of the members whose target changes, and of the new target epoch.
     *
     * @throws org.apache.kafka.coordinator.group.api.assignor.PartitionAssignorException the assignor has failed
     */
    List<ConsumerGroupRecord> compute(String groupId, PartitionAssignor assignor, long timestamp) {
        GroupAssignment result = assignor.assign(this, this);
        List<ConsumerGroupRecord> records = new ArrayList<>();
        for (String memberId : state.members().keySet()) {
            MemberAssignment given = result.members().get(memberId);
            PartitionsByTopic target =
                    given == null ? PartitionsByTopic.NONE : PartitionsByTopic.of(given.partitions());
            if (!state.hasTarget(memberId) || !target.equals(state.target(memberId))) {
                records.add(new TargetRecord(groupId, memberId, target));
            }
        }
        records.add(new TargetEpoch(groupId, new Computed(state.groupEpoch(), timestamp)));
        return records;
    }

    @Override
    public Collection<String> memberIds() {
        return state.members().keySet();
    }

    @Override
    public SubscriptionType subscriptionType() {
        return type;
    }

    @Override
    public boolean isPartitionAssigned(Uuid topic, int partition) {
        return state.isTargeted(topic, partition);
    }

    @Override
    public boolean isPartitionAssignable(Uuid topic, int partition) {
        return true;
    }

    @Override
    public MemberSubscription memberSubscription(String memberId) {
        return members.getOrDefault(memberId, new Subscribed(Optional.empty(), Optional.empty(), Set.of()));
    }

    @Override
    public MemberAssignment memberAssignment(String memberId) {
        PartitionsByTopic target = state.target(memberId);
        return target::topics;
    }

    @Override
    public int numPartitions(Uuid topic) {
        return topics.image().topic(topic).map(TopicMetadata::partitions).orElse(-1);
    }

    /** The assignors of Kafka 4.4 do not look at racks. */
    @Override
    public Set<String> racksForPartition(Uuid topic, int partition) {
        return Set.of();
    }
}
