package io.aeon.coordinator.group.record;

import io.aeon.coordinator.Bytes;
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
import io.aeon.coordinator.group.record.MemberMetadata.ClassicMetadata;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue.ClassicMemberMetadata;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordType;
import org.jspecify.annotations.Nullable;

/** Decodes the records of consumer groups, with Kafka's own record classes. */
final class ConsumerGroupRecordReader {
    /** A key begins with its kind, which determines its layout. */
    private static final short KEY_LAYOUT = 0;

    private static final Map<Short, Kind> KINDS = Map.of(
            CoordinatorRecordType.CONSUMER_GROUP_METADATA.id(), ConsumerGroupRecordReader::groupEpoch,
            CoordinatorRecordType.CONSUMER_GROUP_PARTITION_METADATA.id(), ConsumerGroupRecordReader::oldMetadata,
            CoordinatorRecordType.CONSUMER_GROUP_MEMBER_METADATA.id(), ConsumerGroupRecordReader::member,
            CoordinatorRecordType.CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA.id(),
                    ConsumerGroupRecordReader::targetEpoch,
            CoordinatorRecordType.CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER.id(), ConsumerGroupRecordReader::target,
            CoordinatorRecordType.CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT.id(), ConsumerGroupRecordReader::assignment,
            CoordinatorRecordType.CONSUMER_GROUP_REGULAR_EXPRESSION.id(), ConsumerGroupRecordReader::regex);

    /** One kind of record. */
    private interface Kind {
        ConsumerGroupRecord read(Readable key, @Nullable ByteBuffer value);
    }

    private ConsumerGroupRecordReader() {}

    /**
     * Decodes a record; empty for a record of another kind.
     *
     * @param key begins after the kind
     */
    static Optional<GroupRecord> read(short kind, ByteBuffer key, @Nullable ByteBuffer value) {
        return Optional.ofNullable(KINDS.get(kind)).map(known -> known.read(new ByteBufferAccessor(key), value));
    }

    /** Decodes a value; null for a tombstone. */
    private static <M extends ApiMessage, V> @Nullable V value(
            @Nullable ByteBuffer bytes, MessageReader<M> reader, Function<M, V> decoder) {
        if (bytes == null) {
            return null;
        }
        short version = bytes.getShort();
        return decoder.apply(reader.read(new ByteBufferAccessor(bytes), version));
    }

    /** The constructor of a message from its bytes. */
    private interface MessageReader<M> {
        M read(Readable bytes, short version);
    }

    private static ConsumerGroupRecord groupEpoch(Readable key, @Nullable ByteBuffer value) {
        return new GroupEpoch(
                new ConsumerGroupMetadataKey(key, KEY_LAYOUT).groupId(),
                value(value, ConsumerGroupMetadataValue::new, read -> new Epoch(read.epoch(), read.metadataHash())));
    }

    private static ConsumerGroupRecord oldMetadata(Readable key, @Nullable ByteBuffer value) {
        return new OldTopicMetadata(
                new ConsumerGroupPartitionMetadataKey(key, KEY_LAYOUT).groupId(),
                value == null ? null : Present.PRESENT);
    }

    private static ConsumerGroupRecord member(Readable key, @Nullable ByteBuffer value) {
        ConsumerGroupMemberMetadataKey read = new ConsumerGroupMemberMetadataKey(key, KEY_LAYOUT);
        return new MemberRecord(
                read.groupId(),
                read.memberId(),
                value(value, ConsumerGroupMemberMetadataValue::new, ConsumerGroupRecordReader::metadata));
    }

    private static MemberMetadata metadata(ConsumerGroupMemberMetadataValue read) {
        return new MemberMetadata(
                read.instanceId(),
                read.rackId(),
                read.clientId(),
                read.clientHost(),
                new TreeSet<>(read.subscribedTopicNames()),
                read.subscribedTopicRegex() == null ? "" : read.subscribedTopicRegex(),
                read.rebalanceTimeoutMs(),
                read.serverAssignor(),
                classic(read.classicMemberMetadata()));
    }

    private static @Nullable ClassicMetadata classic(@Nullable ClassicMemberMetadata read) {
        return read == null
                ? null
                : new ClassicMetadata(
                        read.sessionTimeoutMs(),
                        read.supportedProtocols().stream()
                                .map(protocol -> new Protocol(protocol.name(), Bytes.of(protocol.metadata())))
                                .toList());
    }

    private static ConsumerGroupRecord targetEpoch(Readable key, @Nullable ByteBuffer value) {
        return new TargetEpoch(
                new ConsumerGroupTargetAssignmentMetadataKey(key, KEY_LAYOUT).groupId(),
                value(
                        value,
                        ConsumerGroupTargetAssignmentMetadataValue::new,
                        read -> new Computed(read.assignmentEpoch(), read.assignmentTimestamp())));
    }

    private static ConsumerGroupRecord target(Readable key, @Nullable ByteBuffer value) {
        ConsumerGroupTargetAssignmentMemberKey read = new ConsumerGroupTargetAssignmentMemberKey(key, KEY_LAYOUT);
        return new TargetRecord(
                read.groupId(),
                read.memberId(),
                value(value, ConsumerGroupTargetAssignmentMemberValue::new, ConsumerGroupRecordReader::partitions));
    }

    private static PartitionsByTopic partitions(ConsumerGroupTargetAssignmentMemberValue read) {
        Map<Uuid, List<Integer>> topics = new TreeMap<>();
        read.topicPartitions().forEach(topic -> topics.put(topic.topicId(), topic.partitions()));
        return PartitionsByTopic.of(topics);
    }

    private static ConsumerGroupRecord assignment(Readable key, @Nullable ByteBuffer value) {
        ConsumerGroupCurrentMemberAssignmentKey read = new ConsumerGroupCurrentMemberAssignmentKey(key, KEY_LAYOUT);
        return new AssignmentRecord(
                read.groupId(),
                read.memberId(),
                value(value, ConsumerGroupCurrentMemberAssignmentValue::new, ConsumerGroupRecordReader::current));
    }

    private static MemberAssignment current(ConsumerGroupCurrentMemberAssignmentValue read) {
        return new MemberAssignment(
                read.memberEpoch(),
                read.previousMemberEpoch(),
                MemberState.of(read.state()),
                epochs(read.assignedPartitions(), read.memberEpoch()),
                epochs(read.partitionsPendingRevocation(), read.memberEpoch()));
    }

    /** Kafka before 4.3 did not write the epochs; then the member epoch stands for them. */
    private static AssignmentEpochs epochs(
            List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics, int memberEpoch) {
        AssignmentEpochs.Builder builder = new AssignmentEpochs.Builder();
        topics.forEach(topic -> {
            List<Integer> epochs = topic.assignmentEpochs();
            boolean known =
                    epochs != null && epochs.size() == topic.partitions().size();
            for (int i = 0; i < topic.partitions().size(); i++) {
                builder.add(topic.topicId(), topic.partitions().get(i), known ? epochs.get(i) : memberEpoch);
            }
        });
        return builder.build();
    }

    private static ConsumerGroupRecord regex(Readable key, @Nullable ByteBuffer value) {
        ConsumerGroupRegularExpressionKey read = new ConsumerGroupRegularExpressionKey(key, KEY_LAYOUT);
        return new RegexRecord(
                read.groupId(),
                read.regularExpression(),
                value(
                        value,
                        ConsumerGroupRegularExpressionValue::new,
                        stored -> new ResolvedRegex(topics(stored.topics()), stored.version(), stored.timestamp())));
    }

    private static Set<String> topics(List<String> names) {
        return Collections.unmodifiableSet(new TreeSet<>(names));
    }
}
