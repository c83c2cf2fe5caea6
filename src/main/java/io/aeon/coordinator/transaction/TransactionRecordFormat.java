package io.aeon.coordinator.transaction;

import io.aeon.coordinator.RecordFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.transaction.generated.CoordinatorRecordType;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue.PartitionsSchema;
import org.jspecify.annotations.Nullable;

/** The format of records in __transaction_state, with Kafka's own record classes. */
public final class TransactionRecordFormat implements RecordFormat<TransactionRecord> {
    /** Name of the transaction topic. */
    public static final String TOPIC = "__transaction_state";

    private static final short KEY_LAYOUT = 0;
    /** The first version with tagged fields. Kafka writes it from transaction.version 1 on. */
    private static final short WITH_TAGGED_FIELDS = 1;

    private final short valueVersion;

    private TransactionRecordFormat(int valueVersion) {
        this.valueVersion = (short) valueVersion;
    }

    /** The format of new records at this level of transaction.version; it reads the records of every level. */
    public static TransactionRecordFormat ofLevel(short transactionVersion) {
        return new TransactionRecordFormat(Math.min(transactionVersion, WITH_TAGGED_FIELDS));
    }

    @Override
    public String idOf(TransactionRecord record) {
        return record.transactionalId();
    }

    @Override
    public ByteBuffer key(TransactionRecord record) {
        return MessageUtil.toCoordinatorTypePrefixedByteBuffer(
                new TransactionLogKey().setTransactionalId(record.transactionalId()));
    }

    @Override
    public @Nullable ByteBuffer value(TransactionRecord record) {
        TransactionMetadata value = record.value();
        if (value == null) {
            return null;
        }
        TransactionLogValue written = new TransactionLogValue()
                .setProducerId(value.producerId())
                .setProducerEpoch(value.producerEpoch())
                .setTransactionTimeoutMs(value.timeoutMs())
                .setTransactionStatus(value.state().id())
                .setTransactionPartitions(partitions(value))
                .setTransactionLastUpdateTimestampMs(value.updateMs())
                .setTransactionStartTimestampMs(value.startMs());
        if (valueVersion >= WITH_TAGGED_FIELDS) {
            written.setPreviousProducerId(value.previousProducerId())
                    .setNextProducerId(value.nextProducerId())
                    .setClientTransactionVersion(value.clientVersion());
        }
        return MessageUtil.toVersionPrefixedByteBuffer(valueVersion, written);
    }

    /** Null in a state without a transaction, as in Kafka. */
    private static @Nullable List<PartitionsSchema> partitions(TransactionMetadata value) {
        if (value.is(TransactionState.EMPTY)) {
            return null;
        }
        Map<String, PartitionsSchema> byTopic = new TreeMap<>();
        for (TopicPartition partition : value.partitions()) {
            byTopic.computeIfAbsent(partition.topic(), topic -> new PartitionsSchema().setTopic(topic))
                    .partitionIds()
                    .add(partition.partition());
        }
        byTopic.values().forEach(topic -> Collections.sort(topic.partitionIds()));
        return new ArrayList<>(byTopic.values());
    }

    @Override
    public Optional<TransactionRecord> decode(ByteBuffer key, @Nullable ByteBuffer value) {
        if (key.getShort() != CoordinatorRecordType.TRANSACTION_LOG.id()) {
            return Optional.empty();
        }
        String transactionalId = new TransactionLogKey(new ByteBufferAccessor(key), KEY_LAYOUT).transactionalId();
        return Optional.of(new TransactionRecord(transactionalId, value == null ? null : metadata(value)));
    }

    private static TransactionMetadata metadata(ByteBuffer value) {
        short version = value.getShort();
        TransactionLogValue read = new TransactionLogValue(new ByteBufferAccessor(value), version);
        return new TransactionMetadata(
                read.producerId(),
                read.previousProducerId(),
                read.nextProducerId(),
                read.producerEpoch(),
                TransactionMetadata.NO_EPOCH,
                read.transactionTimeoutMs(),
                TransactionState.of(read.transactionStatus()),
                partitions(read),
                read.transactionStartTimestampMs(),
                read.transactionLastUpdateTimestampMs(),
                read.clientTransactionVersion());
    }

    private static Set<TopicPartition> partitions(TransactionLogValue read) {
        List<PartitionsSchema> topics = read.transactionPartitions();
        return topics == null
                ? Set.of()
                : topics.stream()
                        .flatMap(topic -> topic.partitionIds().stream()
                                .map(partition -> new TopicPartition(topic.topic(), partition)))
                        .collect(Collectors.toUnmodifiableSet());
    }
}
