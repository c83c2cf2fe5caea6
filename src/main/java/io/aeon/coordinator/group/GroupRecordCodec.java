package io.aeon.coordinator.group;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.RecordReader;
import io.aeon.coordinator.RecordWriter;
import io.aeon.coordinator.group.GroupRecord.Generation;
import io.aeon.coordinator.group.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.GroupRecord.OffsetCommit;
import io.aeon.coordinator.group.GroupRecord.StoredMember;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/** Group records in the formats of Kafka's offsets topic, so that its tools read ours and we read its. */
final class GroupRecordCodec {
    /** Version of a key, which says what kind of record it is: 0 and 1 an offset, 2 a group. */
    private static final short OFFSET_COMMIT_KEY = 1;

    private static final short GROUP_METADATA_KEY = 2;
    private static final short GROUP_METADATA_VALUE = 3;
    private static final short OFFSET_COMMIT_VALUE = 4;

    /** The only version that can say when an offset expires. */
    private static final short EXPIRING_OFFSET_COMMIT_VALUE = 1;

    private static final short NEWEST_VALUE = 4;
    private static final short FIRST_FLEXIBLE_VALUE = 4;
    private static final int TOPIC_ID_TAG = 0;

    private GroupRecordCodec() {}

    static ByteBuffer key(GroupRecord record) {
        if (record instanceof OffsetCommit commit) {
            return new RecordWriter()
                    .int16(OFFSET_COMMIT_KEY)
                    .string(commit.groupId())
                    .string(commit.topic())
                    .int32(commit.partition())
                    .done();
        }
        return new RecordWriter()
                .int16(GROUP_METADATA_KEY)
                .string(record.groupId())
                .done();
    }

    static @Nullable ByteBuffer value(GroupRecord record) {
        if (record instanceof OffsetCommit commit) {
            return commit.value() == null ? null : offset(commit.value());
        }
        Generation generation = ((GroupMetadata) record).value();
        return generation == null ? null : generation(generation);
    }

    private static ByteBuffer offset(CommittedOffset offset) {
        if (offset.expireTimestamp() >= 0) {
            return new RecordWriter()
                    .int16(EXPIRING_OFFSET_COMMIT_VALUE)
                    .int64(offset.offset())
                    .string(offset.metadata())
                    .int64(offset.commitTimestamp())
                    .int64(offset.expireTimestamp())
                    .done();
        }
        RecordWriter writer = new RecordWriter()
                .int16(OFFSET_COMMIT_VALUE)
                .int64(offset.offset())
                .int32(offset.leaderEpoch())
                .compactString(offset.metadata())
                .int64(offset.commitTimestamp());
        if (offset.topicId().equals(Uuid.ZERO_UUID)) {
            return writer.unsignedVarint(0).done();
        }
        return writer.unsignedVarint(1)
                .unsignedVarint(TOPIC_ID_TAG)
                .unsignedVarint(2 * Long.BYTES)
                .uuid(offset.topicId())
                .done();
    }

    private static ByteBuffer generation(Generation generation) {
        RecordWriter writer = new RecordWriter()
                .int16(GROUP_METADATA_VALUE)
                .string(generation.protocolType())
                .int32(generation.id())
                .nullableString(generation.protocol())
                .nullableString(generation.leader())
                .int64(generation.stateTimestamp())
                .int32(generation.members().size());
        for (StoredMember member : generation.members()) {
            writer.string(member.memberId())
                    .nullableString(member.instanceId())
                    .string(member.clientId())
                    .string(member.clientHost())
                    .int32(member.rebalanceTimeoutMs())
                    .int32(member.sessionTimeoutMs())
                    .bytes(member.subscription())
                    .bytes(member.assignment());
        }
        return writer.done();
    }

    /**
     * What a key and its value say, empty for a kind of record that belongs to another protocol than the classic one.
     *
     * @throws CorruptRecordException they say nothing that can be read
     */
    static Optional<GroupRecord> decode(ByteBuffer key, @Nullable ByteBuffer value) {
        try {
            short kind = key.getShort();
            RecordReader names = new RecordReader(key, false);
            if (kind >= 0 && kind <= OFFSET_COMMIT_KEY) {
                return Optional.of(new OffsetCommit(
                        names.string(), names.string(), names.int32(), value == null ? null : readOffset(value)));
            }
            if (kind == GROUP_METADATA_KEY) {
                return Optional.of(new GroupMetadata(names.string(), value == null ? null : readGeneration(value)));
            }
            return Optional.empty();
        } catch (BufferUnderflowException e) {
            throw new CorruptRecordException("a record of the offsets topic ends too early", e);
        }
    }

    private static short version(ByteBuffer value) {
        short version = value.getShort();
        if (version < 0 || version > NEWEST_VALUE) {
            throw new CorruptRecordException("a record of the offsets topic has the unknown version " + version);
        }
        return version;
    }

    private static CommittedOffset readOffset(ByteBuffer value) {
        short version = version(value);
        RecordReader reader = new RecordReader(value, version >= FIRST_FLEXIBLE_VALUE);
        long offset = reader.int64();
        int leaderEpoch = version >= 3 ? reader.int32() : -1;
        String metadata = reader.string();
        long commitTimestamp = reader.int64();
        long expireTimestamp = version == EXPIRING_OFFSET_COMMIT_VALUE ? reader.int64() : -1;
        RecordReader tagged = reader.tags().get(TOPIC_ID_TAG);
        Uuid topicId = tagged == null ? Uuid.ZERO_UUID : tagged.uuid();
        return new CommittedOffset(offset, leaderEpoch, metadata, commitTimestamp, expireTimestamp, topicId);
    }

    private static Generation readGeneration(ByteBuffer value) {
        short version = version(value);
        RecordReader reader = new RecordReader(value, version >= FIRST_FLEXIBLE_VALUE);
        String protocolType = reader.string();
        int id = reader.int32();
        String protocol = reader.nullableString();
        String leader = reader.nullableString();
        long stateTimestamp = version >= 2 ? reader.int64() : -1;
        List<StoredMember> members = new ArrayList<>();
        for (int left = reader.count(); left > 0; left--) {
            members.add(readMember(reader, version));
        }
        return new Generation(protocolType, id, protocol, leader, stateTimestamp, members);
    }

    private static StoredMember readMember(RecordReader reader, short version) {
        String memberId = reader.string();
        String instanceId = version >= 3 ? reader.nullableString() : null;
        String clientId = reader.string();
        String clientHost = reader.string();
        int rebalanceTimeoutMs = version >= 1 ? reader.int32() : -1;
        int sessionTimeoutMs = reader.int32();
        Bytes subscription = reader.bytes();
        Bytes assignment = reader.bytes();
        reader.tags();
        return new StoredMember(
                memberId,
                instanceId,
                clientId,
                clientHost,
                rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
                sessionTimeoutMs,
                subscription,
                assignment);
    }
}
