package io.aeon.coordinator.group.record;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.RecordFormat;
import io.aeon.coordinator.group.record.GroupRecord.Generation;
import io.aeon.coordinator.group.record.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import io.aeon.coordinator.group.record.GroupRecord.StoredMember;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordType;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.jspecify.annotations.Nullable;

/** The format of records in __consumer_offsets, with Kafka's own record classes. */
public final class GroupRecordFormat implements RecordFormat<GroupRecord> {
    /** Name of the offsets topic. */
    public static final String TOPIC = "__consumer_offsets";

    private static final short LEGACY_OFFSET_COMMIT = CoordinatorRecordType.LEGACY_OFFSET_COMMIT.id();
    private static final short OFFSET_COMMIT = CoordinatorRecordType.OFFSET_COMMIT.id();
    private static final short GROUP_METADATA = CoordinatorRecordType.GROUP_METADATA.id();

    /** A key begins with its kind, which determines its layout. */
    private static final short KEY_LAYOUT = 0;

    /** The only version with the expiry time that the client has set. */
    private static final short EXPIRING_OFFSET = 1;

    private static final short OFFSET = 4;

    /** The last version that Kafka before 4.0 can read, so that such a broker can use the log. */
    private static final short GENERATION = 3;

    @Override
    public String idOf(GroupRecord record) {
        return record.groupId();
    }

    @Override
    public ByteBuffer key(GroupRecord record) {
        if (record instanceof OffsetCommit commit) {
            OffsetCommitKey key = new OffsetCommitKey()
                    .setGroup(commit.groupId())
                    .setTopic(commit.topic())
                    .setPartition(commit.partition());
            return MessageUtil.toCoordinatorTypePrefixedByteBuffer(key);
        }
        if (record instanceof ConsumerGroupRecord consumer) {
            return MessageUtil.toCoordinatorTypePrefixedByteBuffer(ConsumerGroupRecordFormat.key(consumer));
        }
        return MessageUtil.toCoordinatorTypePrefixedByteBuffer(new GroupMetadataKey().setGroup(record.groupId()));
    }

    @Override
    public @Nullable ByteBuffer value(GroupRecord record) {
        if (record instanceof OffsetCommit commit) {
            return commit.value() == null ? null : offset(commit.value());
        }
        if (record instanceof ConsumerGroupRecord consumer) {
            return ConsumerGroupRecordFormat.value(consumer);
        }
        Generation generation = ((GroupMetadata) record).value();
        return generation == null ? null : MessageUtil.toVersionPrefixedByteBuffer(GENERATION, stored(generation));
    }

    private static ByteBuffer offset(CommittedOffset offset) {
        OffsetCommitValue value = new OffsetCommitValue()
                .setOffset(offset.offset())
                .setMetadata(offset.metadata())
                .setCommitTimestamp(offset.commitTimestamp());
        if (offset.expireTimestamp() >= 0) {
            return MessageUtil.toVersionPrefixedByteBuffer(
                    EXPIRING_OFFSET, value.setExpireTimestamp(offset.expireTimestamp()));
        }
        return MessageUtil.toVersionPrefixedByteBuffer(
                OFFSET, value.setLeaderEpoch(offset.leaderEpoch()).setTopicId(offset.topicId()));
    }

    private static GroupMetadataValue stored(Generation generation) {
        return new GroupMetadataValue()
                .setProtocolType(generation.protocolType())
                .setGeneration(generation.id())
                .setProtocol(generation.protocol())
                .setLeader(generation.leader())
                .setCurrentStateTimestamp(generation.stateTimestamp())
                .setMembers(generation.members().stream()
                        .map(member -> new MemberMetadata()
                                .setMemberId(member.memberId())
                                .setGroupInstanceId(member.instanceId())
                                .setClientId(member.clientId())
                                .setClientHost(member.clientHost())
                                .setRebalanceTimeout(member.rebalanceTimeoutMs())
                                .setSessionTimeout(member.sessionTimeoutMs())
                                .setSubscription(member.subscription().array())
                                .setAssignment(member.assignment().array()))
                        .toList());
    }

    @Override
    public Optional<GroupRecord> decode(ByteBuffer key, @Nullable ByteBuffer value) {
        short kind = key.getShort();
        if (kind == OFFSET_COMMIT || kind == LEGACY_OFFSET_COMMIT) {
            OffsetCommitKey read = new OffsetCommitKey(new ByteBufferAccessor(key), KEY_LAYOUT);
            return Optional.of(new OffsetCommit(
                    read.group(), read.topic(), read.partition(), value == null ? null : readOffset(value)));
        }
        if (kind == GROUP_METADATA) {
            GroupMetadataKey read = new GroupMetadataKey(new ByteBufferAccessor(key), KEY_LAYOUT);
            return Optional.of(new GroupMetadata(read.group(), value == null ? null : readGeneration(value)));
        }
        return ConsumerGroupRecordReader.read(kind, key, value);
    }

    private static CommittedOffset readOffset(ByteBuffer value) {
        short version = value.getShort();
        OffsetCommitValue read = new OffsetCommitValue(new ByteBufferAccessor(value), version);
        return new CommittedOffset(
                read.offset(),
                read.leaderEpoch(),
                read.metadata(),
                read.commitTimestamp(),
                read.expireTimestamp(),
                read.topicId());
    }

    private static Generation readGeneration(ByteBuffer value) {
        short version = value.getShort();
        GroupMetadataValue read = new GroupMetadataValue(new ByteBufferAccessor(value), version);
        return new Generation(
                read.protocolType(),
                read.generation(),
                read.protocol(),
                read.leader(),
                read.currentStateTimestamp(),
                read.members().stream().map(GroupRecordFormat::readMember).toList());
    }

    private static StoredMember readMember(MemberMetadata member) {
        return new StoredMember(
                member.memberId(),
                member.groupInstanceId(),
                member.clientId(),
                member.clientHost(),
                member.rebalanceTimeout() < 0 ? member.sessionTimeout() : member.rebalanceTimeout(),
                member.sessionTimeout(),
                Bytes.of(member.subscription()),
                Bytes.of(member.assignment()));
    }
}
