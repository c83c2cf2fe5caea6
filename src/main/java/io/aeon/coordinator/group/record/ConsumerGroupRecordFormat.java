package io.aeon.coordinator.group.record;

import static org.apache.kafka.common.protocol.MessageUtil.toVersionPrefixedByteBuffer;

import io.aeon.coordinator.group.record.ConsumerGroupRecord.AssignmentRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.GroupEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.MemberRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.OldTopicMetadata;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.RegexRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetRecord;
import io.aeon.coordinator.group.record.MemberMetadata.ClassicMetadata;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue.ClassicMemberMetadata;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue.ClassicProtocol;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue;
import org.jspecify.annotations.Nullable;

/** Encodes the records of consumer groups, with Kafka's own record classes. */
final class ConsumerGroupRecordFormat {
    /** The only version of all values. */
    private static final short VALUE = 0;

    private ConsumerGroupRecordFormat() {}

    static ApiMessage key(ConsumerGroupRecord record) {
        String group = record.groupId();
        if (record instanceof GroupEpoch) {
            return new ConsumerGroupMetadataKey().setGroupId(group);
        } else if (record instanceof OldTopicMetadata) {
            return new ConsumerGroupPartitionMetadataKey().setGroupId(group);
        } else if (record instanceof MemberRecord member) {
            return new ConsumerGroupMemberMetadataKey().setGroupId(group).setMemberId(member.memberId());
        } else if (record instanceof TargetEpoch) {
            return new ConsumerGroupTargetAssignmentMetadataKey().setGroupId(group);
        } else if (record instanceof TargetRecord target) {
            return new ConsumerGroupTargetAssignmentMemberKey()
                    .setGroupId(group)
                    .setMemberId(target.memberId());
        } else if (record instanceof AssignmentRecord current) {
            return new ConsumerGroupCurrentMemberAssignmentKey()
                    .setGroupId(group)
                    .setMemberId(current.memberId());
        }
        return new ConsumerGroupRegularExpressionKey()
                .setGroupId(group)
                .setRegularExpression(((RegexRecord) record).regex());
    }

    static @Nullable ByteBuffer value(ConsumerGroupRecord record) {
        ApiMessage value = message(record);
        return value == null ? null : toVersionPrefixedByteBuffer(VALUE, value);
    }

    private static @Nullable ApiMessage message(ConsumerGroupRecord record) {
        if (record instanceof GroupEpoch each && each.value() != null) {
            return new ConsumerGroupMetadataValue()
                    .setEpoch(each.value().epoch())
                    .setMetadataHash(each.value().metadataHash());
        } else if (record instanceof MemberRecord each && each.value() != null) {
            return stored(each.value());
        } else if (record instanceof TargetEpoch each && each.value() != null) {
            return new ConsumerGroupTargetAssignmentMetadataValue()
                    .setAssignmentEpoch(each.value().epoch())
                    .setAssignmentTimestamp(each.value().timestamp());
        } else if (record instanceof TargetRecord each && each.value() != null) {
            List<ConsumerGroupTargetAssignmentMemberValue.TopicPartition> topics = new ArrayList<>();
            each.value()
                    .topics()
                    .forEach((topic, partitions) ->
                            topics.add(new ConsumerGroupTargetAssignmentMemberValue.TopicPartition()
                                    .setTopicId(topic)
                                    .setPartitions(List.copyOf(partitions))));
            return new ConsumerGroupTargetAssignmentMemberValue().setTopicPartitions(topics);
        } else if (record instanceof AssignmentRecord each && each.value() != null) {
            return stored(each.value());
        } else if (record instanceof RegexRecord each && each.value() != null) {
            return new ConsumerGroupRegularExpressionValue()
                    .setTopics(List.copyOf(each.value().topics()))
                    .setVersion(each.value().version())
                    .setTimestamp(each.value().timestamp());
        }
        return null;
    }

    private static ApiMessage stored(MemberMetadata member) {
        ClassicMetadata classic = member.classic();
        return new ConsumerGroupMemberMetadataValue()
                .setInstanceId(member.instanceId())
                .setRackId(member.rackId())
                .setClientId(member.clientId())
                .setClientHost(member.clientHost())
                .setSubscribedTopicNames(List.copyOf(member.topics()))
                .setSubscribedTopicRegex(member.regex())
                .setRebalanceTimeoutMs(member.rebalanceTimeoutMs())
                .setServerAssignor(member.assignor())
                .setClassicMemberMetadata(
                        classic == null
                                ? null
                                : new ClassicMemberMetadata()
                                        .setSessionTimeoutMs(classic.sessionTimeoutMs())
                                        .setSupportedProtocols(classic.protocols().stream()
                                                .map(protocol -> new ClassicProtocol()
                                                        .setName(protocol.name())
                                                        .setMetadata(protocol.metadata()
                                                                .array()))
                                                .toList()));
    }

    private static ApiMessage stored(MemberAssignment assignment) {
        return new ConsumerGroupCurrentMemberAssignmentValue()
                .setMemberEpoch(assignment.epoch())
                .setPreviousMemberEpoch(assignment.previousEpoch())
                .setState(assignment.state().code())
                .setAssignedPartitions(stored(assignment.assigned()))
                .setPartitionsPendingRevocation(stored(assignment.revoking()));
    }

    private static List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> stored(AssignmentEpochs epochs) {
        List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics = new ArrayList<>();
        epochs.topics()
                .forEach((topic, partitions) ->
                        topics.add(new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions()
                                .setTopicId(topic)
                                .setPartitions(List.copyOf(partitions.keySet()))
                                .setAssignmentEpochs(List.copyOf(partitions.values()))));
        return topics;
    }
}
