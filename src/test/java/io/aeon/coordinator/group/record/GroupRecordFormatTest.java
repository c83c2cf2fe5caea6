package io.aeon.coordinator.group.record;

import static io.aeon.coordinator.group.GroupDriver.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.record.GroupRecord.Generation;
import io.aeon.coordinator.group.record.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import io.aeon.coordinator.group.record.GroupRecord.StoredMember;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's classes read Aeon's records, and Aeon reads Kafka's records. */
class GroupRecordFormatTest {
    private static final GroupRecordFormat FORMAT = new GroupRecordFormat();
    private static final Uuid TOPIC_ID = new Uuid(1, 2);
    private static final GroupRecord OFFSET = new OffsetCommit("g", "t\u00e9", 3, offset(-1, TOPIC_ID));
    private static final GroupRecord GROUP = new GroupMetadata(
            "g",
            new Generation(
                    "consumer",
                    7,
                    "range",
                    "m1",
                    99,
                    List.of(
                            new StoredMember("m1", null, "c", "/h", 60_000, 10_000, bytes("sub"), bytes("assigned")),
                            new StoredMember("m2", "i", "c", "/h", 1, 2, Bytes.NONE, Bytes.NONE))));

    private static CommittedOffset offset(long expires, Uuid topicId) {
        return new CommittedOffset(42, expires < 0 ? 5 : -1, "note", 1000, expires, topicId);
    }

    @Test
    void kafkaReadsOffsets() {
        OffsetCommitKey key = new OffsetCommitKey();
        OffsetCommitValue value = new OffsetCommitValue();

        assertThat(read(FORMAT.key(OFFSET), key)).isEqualTo((short) 1);
        assertThat(read(FORMAT.value(OFFSET), value)).isEqualTo((short) 4);

        assertThat(key)
                .isEqualTo(
                        new OffsetCommitKey().setGroup("g").setTopic("t\u00e9").setPartition(3));
        assertThat(value)
                .isEqualTo(new OffsetCommitValue()
                        .setOffset(42)
                        .setLeaderEpoch(5)
                        .setMetadata("note")
                        .setCommitTimestamp(1000)
                        .setTopicId(TOPIC_ID));
    }

    @Test
    void kafkaReadsOffsetsThatExpire() {
        OffsetCommitValue value = new OffsetCommitValue();

        short version = read(FORMAT.value(new OffsetCommit("g", "t", 3, offset(5000, Uuid.ZERO_UUID))), value);

        assertThat(version).isEqualTo((short) 1);
        assertThat(value.expireTimestamp()).isEqualTo(5000);
    }

    @Test
    void kafkaReadsGroups() {
        GroupMetadataKey key = new GroupMetadataKey();
        GroupMetadataValue value = new GroupMetadataValue();

        assertThat(read(FORMAT.key(GROUP), key)).isEqualTo((short) 2);
        assertThat(read(FORMAT.value(GROUP), value)).isEqualTo((short) 3);

        assertThat(key.group()).isEqualTo("g");
        assertThat(value)
                .isEqualTo(new GroupMetadataValue()
                        .setProtocolType("consumer")
                        .setGeneration(7)
                        .setProtocol("range")
                        .setLeader("m1")
                        .setCurrentStateTimestamp(99)
                        .setMembers(List.of(
                                member("m1", null, 60_000, 10_000, bytes("sub"), bytes("assigned")),
                                member("m2", "i", 1, 2, Bytes.NONE, Bytes.NONE))));
    }

    private static MemberMetadata member(
            String id, String instance, int rebalance, int session, Bytes subscription, Bytes assignment) {
        return new MemberMetadata()
                .setMemberId(id)
                .setGroupInstanceId(instance)
                .setClientId("c")
                .setClientHost("/h")
                .setRebalanceTimeout(rebalance)
                .setSessionTimeout(session)
                .setSubscription(subscription.array())
                .setAssignment(assignment.array());
    }

    @Test
    void tombstonesHaveNoValue() {
        assertThat(FORMAT.value(new OffsetCommit("g", "t", 0, null))).isNull();
        assertThat(FORMAT.value(new GroupMetadata("g", null))).isNull();
        assertThat(FORMAT.decode(FORMAT.key(GROUP), null)).hasValue(new GroupMetadata("g", null));
        assertThat(FORMAT.decode(FORMAT.key(OFFSET), null)).hasValue(new OffsetCommit("g", "t\u00e9", 3, null));
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3, 4})
    void kafkasOffsetsAreReadInEveryVersion(short version) {
        OffsetCommitValue value =
                new OffsetCommitValue().setOffset(42).setMetadata("note").setCommitTimestamp(1000);
        if (version >= 3) {
            value.setLeaderEpoch(5);
        }
        if (version == 1) {
            value.setExpireTimestamp(5000);
        }
        if (version == 4) {
            value.setTopicId(TOPIC_ID);
        }

        assertThat(FORMAT.decode(FORMAT.key(OFFSET), MessageUtil.toVersionPrefixedByteBuffer(version, value)))
                .hasValue(new OffsetCommit(
                        "g",
                        "t\u00e9",
                        3,
                        new CommittedOffset(
                                42,
                                version >= 3 ? 5 : -1,
                                "note",
                                1000,
                                version == 1 ? 5000 : -1,
                                version == 4 ? TOPIC_ID : Uuid.ZERO_UUID)));
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3, 4})
    void kafkasGroupsAreReadInEveryVersion(short version) {
        GroupMetadataValue value = new GroupMetadataValue()
                .setProtocolType("consumer")
                .setGeneration(7)
                .setProtocol("range")
                .setLeader("m")
                .setCurrentStateTimestamp(version >= 2 ? 99 : -1)
                .setMembers(List.of(member(
                        "m",
                        version >= 3 ? "i" : null,
                        version >= 1 ? 500 : -1,
                        100,
                        bytes("sub"),
                        bytes("assigned"))));

        assertThat(FORMAT.decode(FORMAT.key(GROUP), MessageUtil.toVersionPrefixedByteBuffer(version, value)))
                .hasValue(new GroupMetadata(
                        "g",
                        new Generation(
                                "consumer",
                                7,
                                "range",
                                "m",
                                version >= 2 ? 99 : -1,
                                List.of(new StoredMember(
                                        "m",
                                        version >= 3 ? "i" : null,
                                        "c",
                                        "/h",
                                        version >= 1 ? 500 : 100,
                                        100,
                                        bytes("sub"),
                                        bytes("assigned"))))));
    }

    @Test
    void recordsOfOtherGroupProtocolsAreSkipped() {
        ByteBuffer key = ByteBuffer.allocate(2).putShort((short) 10).flip();

        assertThat(FORMAT.decode(key, null)).isEmpty();
    }

    @Test
    void truncatedRecordIsDamaged() {
        ByteBuffer value = FORMAT.value(GROUP);

        for (int length = 0; length < value.limit(); length++) {
            ByteBuffer cut = value.duplicate().limit(length);
            assertThatThrownBy(() -> FORMAT.decode(FORMAT.key(GROUP), cut)).isInstanceOf(RuntimeException.class);
        }
    }

    private static short read(ByteBuffer bytes, ApiMessage into) {
        short version = bytes.getShort();
        into.read(new ByteBufferAccessor(bytes), version);
        assertThat(bytes.hasRemaining()).isFalse();
        return version;
    }
}
