package io.aeon.coordinator.group.command;

import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A group of the consumer protocol with its members.
 *
 * @param state as Kafka's tools print it
 * @param assignor name of the server-side assignor of the next target assignment
 * @param topicNames the names of the topics in the assignments; partitions of other topics are left out
 * @param holdUps the members for which the group waits
 */
public record ConsumerGroupDescription(
        String state,
        int groupEpoch,
        int assignmentEpoch,
        String assignor,
        List<DescribedMember> members,
        Map<Uuid, String> topicNames,
        List<HoldUp> holdUps) {
    /**
     * A member of the group.
     *
     * @param assignment the partitions that the member may use or still has to revoke
     * @param target the partitions that it will get
     * @param classic whether it uses the classic protocol
     */
    public record DescribedMember(
            String memberId,
            @Nullable String instanceId,
            @Nullable String rackId,
            int memberEpoch,
            String clientId,
            String clientHost,
            Set<String> topics,
            String regex,
            PartitionsByTopic assignment,
            PartitionsByTopic target,
            boolean classic) {}
}
