package io.aeon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue.PartitionsSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's classes read Aeon's records, and Aeon reads Kafka's records. */
class TransactionRecordFormatTest {
    private static final Set<TopicPartition> PARTITIONS =
            Set.of(new TopicPartition("t\u00e9", 3), new TopicPartition("t\u00e9", 1), new TopicPartition("u", 0));

    private static final TransactionRecordFormat FORMAT = TransactionRecordFormat.ofLevel((short) 2);

    private static TransactionMetadata metadata(TransactionState state, long previous, long next, int version) {
        return new TransactionMetadata(
                7,
                previous,
                next,
                (short) 5,
                (short) -1,
                60_000,
                state,
                state == TransactionState.EMPTY ? Set.of() : PARTITIONS,
                1000,
                2000,
                (short) version);
    }

    private static TransactionLogValue kafkas(byte state) {
        return new TransactionLogValue()
                .setProducerId(7)
                .setProducerEpoch((short) 5)
                .setTransactionTimeoutMs(60_000)
                .setTransactionStatus(state)
                .setTransactionPartitions(List.of(
                        new PartitionsSchema().setTopic("t\u00e9").setPartitionIds(List.of(1, 3)),
                        new PartitionsSchema().setTopic("u").setPartitionIds(List.of(0))))
                .setTransactionStartTimestampMs(1000)
                .setTransactionLastUpdateTimestampMs(2000);
    }

    @Test
    void recordsOfTransactionVersionZeroHaveNoTaggedFields() {
        TransactionRecord record = new TransactionRecord("id", metadata(TransactionState.PREPARE_COMMIT, 7, 8, 2));

        ByteBuffer bytes = TransactionRecordFormat.ofLevel((short) 0).value(record);

        TransactionLogValue value = new TransactionLogValue();
        assertThat(read(bytes, value)).isZero();
        assertThat(value).isEqualTo(kafkas((byte) 2));
    }

    private static ByteBuffer bytes(TransactionMetadata metadata) {
        return FORMAT.value(new TransactionRecord("id", metadata));
    }

    private static short read(ByteBuffer bytes, ApiMessage into) {
        short version = bytes.getShort();
        into.read(new ByteBufferAccessor(bytes), version);
        assertThat(bytes.remaining()).isZero();
        return version;
    }

    @Test
    void kafkaReadsKeys() {
        TransactionLogKey key = new TransactionLogKey();

        assertThat(read(FORMAT.key(new TransactionRecord("i\u00e9", null)), key))
                .isZero();

        assertThat(key.transactionalId()).isEqualTo("i\u00e9");
    }

    @Test
    void kafkaReadsAnOpenTransaction() {
        TransactionLogValue value = new TransactionLogValue();

        assertThat(read(bytes(metadata(TransactionState.ONGOING, -1, -1, 0)), value))
                .isEqualTo((short) 1);

        assertThat(value).isEqualTo(kafkas((byte) 1));
    }

    @Test
    void kafkaReadsTaggedFields() {
        TransactionLogValue value = new TransactionLogValue();

        read(bytes(metadata(TransactionState.PREPARE_COMMIT, 11, 12, 2)), value);

        assertThat(value)
                .isEqualTo(kafkas((byte) 2)
                        .setPreviousProducerId(11)
                        .setNextProducerId(12)
                        .setClientTransactionVersion((short) 2));
    }

    @Test
    void kafkaReadsAnIdWithoutTransaction() {
        TransactionLogValue value = new TransactionLogValue();

        read(bytes(metadata(TransactionState.EMPTY, -1, -1, 0)), value);

        assertThat(value.transactionPartitions()).isNull();
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1})
    void kafkasRecordsAreRead(short version) {
        ByteBuffer key = ByteBuffer.wrap(
                MessageUtil.toVersionPrefixedBytes((short) 0, new TransactionLogKey().setTransactionalId("id")));
        TransactionLogValue written = kafkas((byte) 3);
        if (version == 1) {
            written.setPreviousProducerId(11).setNextProducerId(12).setClientTransactionVersion((short) 2);
        }
        ByteBuffer value = ByteBuffer.wrap(MessageUtil.toVersionPrefixedBytes(version, written));

        assertThat(FORMAT.decode(key, value))
                .contains(new TransactionRecord(
                        "id",
                        version == 1
                                ? metadata(TransactionState.PREPARE_ABORT, 11, 12, 2)
                                : metadata(TransactionState.PREPARE_ABORT, -1, -1, 0)));
    }

    @ParameterizedTest
    @EnumSource(TransactionState.class)
    void everyStateIsDecodedAsItWasEncoded(TransactionState state) {
        TransactionRecord record = new TransactionRecord("id", metadata(state, 1, 2, 2));

        assertThat(FORMAT.decode(FORMAT.key(record), bytes(record.value()))).contains(record);
    }

    @Test
    void tombstoneIsDecodedAsItWasEncoded() {
        TransactionRecord record = new TransactionRecord("id", null);

        assertThat(FORMAT.decode(FORMAT.key(record), null)).contains(record);
    }

    @Test
    void garbageIsRefused() {
        ByteBuffer value = bytes(metadata(TransactionState.ONGOING, -1, -1, 0));
        for (int length = 0; length < value.limit(); length++) {
            ByteBuffer cut = value.duplicate().limit(length);
            ByteBuffer key = FORMAT.key(new TransactionRecord("id", null));
            assertThatThrownBy(() -> FORMAT.decode(key, cut)).isInstanceOf(RuntimeException.class);
        }
    }
}
