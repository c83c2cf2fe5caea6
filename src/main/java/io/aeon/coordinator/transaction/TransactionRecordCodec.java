package io.aeon.coordinator.transaction;

import io.aeon.coordinator.RecordReader;
import io.aeon.coordinator.RecordWriter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/** Records in the formats of Kafka's transaction topic, so that its tools read ours and we read its. */
final class TransactionRecordCodec {
    private static final short KEY = 0;
    /** The first version with tagged fields, which later versions of Kafka keep to. */
    private static final short VALUE = 1;

    private static final int PREVIOUS_PRODUCER_ID = 0;
    private static final int NEXT_PRODUCER_ID = 1;
    private static final int CLIENT_VERSION = 2;

    private TransactionRecordCodec() {}

    static ByteBuffer key(TransactionRecord record) {
        return new RecordWriter().int16(KEY).string(record.transactionalId()).done();
    }

    static @Nullable ByteBuffer value(TransactionRecord record) {
        TransactionMetadata value = record.value();
        if (value == null) {
            return null;
        }
        RecordWriter writer = new RecordWriter()
                .int16(VALUE)
                .int64(value.producerId())
                .int16(value.producerEpoch())
                .int32(value.timeoutMs())
                .int8(value.state().id());
        partitions(writer, value);
        writer.int64(value.updateMs()).int64(value.startMs());
        tags(writer, value);
        return writer.done();
    }

    private static void partitions(RecordWriter writer, TransactionMetadata value) {
        if (value.is(TransactionState.EMPTY)) {
            writer.unsignedVarint(0);
            return;
        }
        Map<String, List<TopicPartition>> byTopic = value.partitions().stream()
                .collect(Collectors.groupingBy(TopicPartition::topic, TreeMap::new, Collectors.toList()));
        writer.unsignedVarint(byTopic.size() + 1);
        byTopic.forEach((topic, partitions) -> {
            writer.compactString(topic).unsignedVarint(partitions.size() + 1);
            partitions.stream().mapToInt(TopicPartition::partition).sorted().forEach(writer::int32);
            writer.unsignedVarint(0);
        });
    }

    private static void tags(RecordWriter writer, TransactionMetadata value) {
        boolean previous = value.previousProducerId() != TransactionMetadata.NO_ID;
        boolean next = value.nextProducerId() != TransactionMetadata.NO_ID;
        boolean version = value.clientVersion() != 0;
        writer.unsignedVarint((previous ? 1 : 0) + (next ? 1 : 0) + (version ? 1 : 0));
        if (previous) {
            writer.unsignedVarint(PREVIOUS_PRODUCER_ID)
                    .unsignedVarint(Long.BYTES)
                    .int64(value.previousProducerId());
        }
        if (next) {
            writer.unsignedVarint(NEXT_PRODUCER_ID).unsignedVarint(Long.BYTES).int64(value.nextProducerId());
        }
        if (version) {
            writer.unsignedVarint(CLIENT_VERSION).unsignedVarint(Short.BYTES).int16(value.clientVersion());
        }
    }

    /**
     * What a key and its value say, empty for a kind of record that is not known.
     *
     * @throws CorruptRecordException they say nothing that can be read
     */
    static Optional<TransactionRecord> decode(ByteBuffer key, @Nullable ByteBuffer value) {
        try {
            if (key.getShort() != KEY) {
                return Optional.empty();
            }
            String transactionalId = new RecordReader(key, false).string();
            return Optional.of(new TransactionRecord(transactionalId, value == null ? null : metadata(value)));
        } catch (BufferUnderflowException e) {
            throw new CorruptRecordException("a record of the transaction topic ends too early", e);
        }
    }

    private static TransactionMetadata metadata(ByteBuffer value) {
        short version = value.getShort();
        if (version < 0 || version > VALUE) {
            throw new CorruptRecordException("a record of the transaction topic has the unknown version " + version);
        }
        RecordReader reader = new RecordReader(value, version == VALUE);
        long producerId = reader.int64();
        short epoch = reader.int16();
        int timeoutMs = reader.int32();
        TransactionState state = TransactionState.of(reader.int8());
        Set<TopicPartition> partitions = partitions(reader);
        long updateMs = reader.int64();
        long startMs = reader.int64();
        Map<Integer, RecordReader> tags = reader.tags();
        return new TransactionMetadata(
                producerId,
                id(tags.get(PREVIOUS_PRODUCER_ID)),
                id(tags.get(NEXT_PRODUCER_ID)),
                epoch,
                TransactionMetadata.NO_EPOCH,
                timeoutMs,
                state,
                partitions,
                startMs,
                updateMs,
                clientVersion(tags.get(CLIENT_VERSION)));
    }

    private static Set<TopicPartition> partitions(RecordReader reader) {
        Set<TopicPartition> partitions = new HashSet<>();
        for (int topics = reader.nullableCount(); topics > 0; topics--) {
            String topic = reader.string();
            for (int left = reader.count(); left > 0; left--) {
                partitions.add(new TopicPartition(topic, reader.int32()));
            }
            reader.tags();
        }
        return Set.copyOf(partitions);
    }

    private static long id(@Nullable RecordReader tag) {
        return tag == null ? TransactionMetadata.NO_ID : tag.int64();
    }

    private static short clientVersion(@Nullable RecordReader tag) {
        return tag == null ? 0 : tag.int16();
    }
}
