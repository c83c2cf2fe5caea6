package io.aeon.coordinator.transaction;

import io.aeon.coordinator.RecordFormat;
import java.nio.ByteBuffer;
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
    /** The first version with tagged fields; later versions of Kafka also use it. */
    private static final short VALUE = 1;

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
        return MessageUtil.toVersionPrefixedByteBuffer(
                VALUE,
                new TransactionLogValue()
                        .setProducerId(value.producerId())
                        .setPreviousProducerId(value.previousProducerId())
                        .setNextProducerId(value.nextProducerId())
                        .setProducerEpoch(value.producerEpoch())
                        .setTransactionTimeoutMs(value.timeoutMs())
                        .setTransactionStatus(value.state().id())
                        .setTransactionPartitions(partitions(value))
                        .setTransactionLastUpdateTimestampMs(value.updateMs())
                        .setTransactionStartTimestampMs(value.startMs())
                        .setClientTransactionVersion(value.clientVersion()));
    }

    /** Null in a state without a transaction, as in Kafka. */
    private static @Nullable List<PartitionsSchema> partitions(TransactionMetadata value) {
        if (value.is(TransactionState.EMPTY)) {
            return null;
        }
        Map<String, List<Integer>> byTopic = value.partitions().stream()
                .collect(Collectors.groupingBy(
                        TopicPartition::topic,
                        TreeMap::new,
                        Collectors.mapping(TopicPartition::partition, Collectors.toList())));
        return byTopic.entrySet().stream()
                .map(topic -> new PartitionsSchema()
                        .setTopic(topic.getKey())
                        .setPartitionIds(topic.getValue().stream().sorted().toList()))
                .toList();
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
