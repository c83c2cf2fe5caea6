package io.aeon.coordinator.group.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.AssignmentRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Computed;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Epoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.GroupEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.MemberRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.OldTopicMetadata;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.RegexRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.ResolvedRegex;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetRecord;
import io.aeon.coordinator.group.record.MemberMetadata.ClassicMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kafka's classes read the records of Aeon's consumer groups, and Aeon reads them back. */
class ConsumerGroupRecordFormatTest {
    private static final GroupRecordFormat FORMAT = new GroupRecordFormat();
    private static final Uuid TOPIC = new Uuid(1, 2);
    private static final AssignmentEpochs OWNED =
            new AssignmentEpochs.Builder().add(TOPIC, 0, 3).add(TOPIC, 2, 4).build();

    private static List<ConsumerGroupRecord> records() {
        MemberMetadata classic = new MemberMetadata(
                null,
                null,
                "client",
                "/host",
                Set.of("a"),
                "",
                1000,
                null,
                new ClassicMetadata(9, List.of(new Protocol("range", Bytes.of("x".getBytes(StandardCharsets.UTF_8))))));
        return List.of(
                new GroupEpoch("g", new Epoch(5, 77)),
                new MemberRecord(
                        "g",
                        "m",
                        new MemberMetadata("i", "rack", "client", "/host", Set.of("a", "b"), "c.*", 1, "range", null)),
                new MemberRecord("g", "m", classic),
                new TargetEpoch("g", new Computed(4, 1234)),
                new TargetRecord("g", "m", OWNED.partitions()),
                new AssignmentRecord(
                        "g", "m", new MemberAssignment(4, 3, MemberState.UNREVOKED_PARTITIONS, OWNED, OWNED.at(1))),
                new RegexRecord("g", "c.*", new ResolvedRegex(Set.of("c1", "c2"), 8, 99)));
    }

    @ParameterizedTest
    @MethodSource("records")
    void kafkaReadsTheRecordAndItIsReadBack(ConsumerGroupRecord record) {
        ByteBuffer key = FORMAT.key(record);
        ByteBuffer value = FORMAT.value(record);
        CoordinatorRecordType kind =
                CoordinatorRecordType.fromId(key.duplicate().getShort());
        assertThat(rest(key.duplicate(), kind.newRecordKey())).isZero();
        assertThat(rest(value.duplicate(), kind.newRecordValue())).isZero();

        assertThat(FORMAT.decode(key.duplicate(), value)).contains(record);
        assertThat(FORMAT.decode(key, null).orElseThrow().groupId()).isEqualTo("g");
    }

    private static int rest(ByteBuffer bytes, ApiMessage into) {
        bytes.getShort();
        into.read(new ByteBufferAccessor(bytes), (short) 0);
        return bytes.remaining();
    }

    @Test
    void aTombstoneHasNoValue() {
        ConsumerGroupRecord tombstone = new OldTopicMetadata("g", null);

        assertThat(FORMAT.value(tombstone)).isNull();
        assertThat(FORMAT.decode(FORMAT.key(tombstone), null)).contains(tombstone);
    }

    /** Kafka before 4.3 has no epochs of partitions. */
    @Test
    void theMemberEpochStandsForMissingEpochsOfPartitions() {
        ByteBuffer value = MessageUtil.toVersionPrefixedByteBuffer(
                (short) 0,
                new ConsumerGroupCurrentMemberAssignmentValue()
                        .setMemberEpoch(6)
                        .setPreviousMemberEpoch(5)
                        .setState((byte) 0)
                        .setAssignedPartitions(
                                List.of(new TopicPartitions().setTopicId(TOPIC).setPartitions(List.of(1)))));

        AssignmentRecord read =
                (AssignmentRecord) FORMAT.decode(FORMAT.key(new AssignmentRecord("g", "m", null)), value)
                        .orElseThrow();

        assertThat(read.value().assigned().topics()).isEqualTo(Map.of(TOPIC, Map.of(1, 6)));
    }
}
