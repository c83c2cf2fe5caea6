package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.command.ConsumerGroupDescription;
import io.aeon.coordinator.group.command.ConsumerGroupDescription.DescribedMember;
import io.aeon.coordinator.group.command.HoldUp;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.record.AssignmentEpochs;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** Describes a group of the consumer protocol. */
final class ConsumerGroupDescriptions {
    private ConsumerGroupDescriptions() {}

    static ConsumerGroupDescription of(
            ConsumerGroupState state, TopicsImage image, String defaultAssignor, List<HoldUp> holdUps) {
        List<DescribedMember> members = state.members().entrySet().stream()
                .map(member -> describe(state, member.getKey(), member.getValue()))
                .toList();
        Map<Uuid, String> names = new HashMap<>();
        for (DescribedMember member : members) {
            for (PartitionsByTopic partitions : List.of(member.assignment(), member.target())) {
                partitions
                        .topics()
                        .keySet()
                        .forEach(id -> image.topic(id).ifPresent(topic -> names.put(id, topic.name())));
            }
        }
        return new ConsumerGroupDescription(
                stateOf(state),
                state.groupEpoch(),
                state.targetEpoch(),
                state.index().preferredAssignor().orElse(defaultAssignor),
                members,
                names,
                holdUps);
    }

    /** The state of the group as Kafka's tools print it. */
    static String stateOf(ConsumerGroupState state) {
        if (state.members().isEmpty()) {
            return "Empty";
        }
        if (state.groupEpoch() > state.targetEpoch()) {
            return "Assigning";
        }
        return state.members().keySet().stream()
                        .allMatch(member -> state.assignment(member).isReconciledTo(state.targetEpoch()))
                ? "Stable"
                : "Reconciling";
    }

    private static DescribedMember describe(ConsumerGroupState state, String memberId, MemberMetadata member) {
        MemberAssignment current = state.assignment(memberId);
        AssignmentEpochs owned = new AssignmentEpochs.Builder()
                .addAll(current.assigned())
                .addAll(current.revoking())
                .build();
        return new DescribedMember(
                memberId,
                member.instanceId(),
                member.rackId(),
                current.epoch(),
                member.clientId(),
                member.clientHost(),
                member.topics(),
                member.regex(),
                owned.partitions(),
                state.target(memberId),
                member.usesClassicProtocol());
    }
}
