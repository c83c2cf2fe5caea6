package io.aeon.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.Crc32C;
import org.jspecify.annotations.Nullable;

/** Batches of the internal topics in which the broker keeps its state. */
public final class InternalRecords {
    /** Positions in a batch's header, to remove the sequence number that kafka-clients' builder always sets. */
    private static final int CRC = 17;

    private static final int ATTRIBUTES = 21;
    private static final int BASE_SEQUENCE = 53;

    /** First size of the buffer of a batch; it grows. */
    private static final int FIRST_BYTES = 4096;

    private InternalRecords() {}

    /** Receives the records of a log in offset order. */
    public interface RecordReader {
        /**
         * @param producerId producer whose transaction contains the record, -1 if there is none
         * @param value null for a tombstone
         */
        void record(long offset, long producerId, ByteBuffer key, @Nullable ByteBuffer value);
    }

    /** Receives the batches whose records cannot be read, or only in part. */
    public interface UnreadableReader {
        void unreadable(long baseOffset, RuntimeException reason);
    }

    /** Receives the ends of transactions in a log in offset order. */
    public interface EndReader {
        void end(long offset, long producerId, boolean committed);
    }

    /**
     * One v2 batch of these records, with base offset 0.
     *
     * @param records keys with their values; a null value is a tombstone
     */
    public static ByteBuffer batch(List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records, long timestampMs) {
        return MemoryRecords.withRecords(Compression.NONE, simple(records, timestampMs))
                .buffer();
    }

    /**
     * One v2 batch of records with offsets of their own and without timestamps.
     *
     * @param records keys with their values by offset; the offsets differ by less than 2^31
     * @param producerId producer whose transaction contains the records, -1 if there is none
     */
    public static ByteBuffer batch(
            SortedMap<Long, Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records, long producerId) {
        boolean transactional = producerId >= 0;
        try (MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(FIRST_BYTES),
                RecordBatch.CURRENT_MAGIC_VALUE,
                Compression.NONE,
                TimestampType.CREATE_TIME,
                records.firstKey(),
                RecordBatch.NO_TIMESTAMP,
                producerId,
                transactional ? (short) 0 : RecordBatch.NO_PRODUCER_EPOCH,
                transactional ? 0 : RecordBatch.NO_SEQUENCE,
                transactional,
                RecordBatch.NO_PARTITION_LEADER_EPOCH)) {
            records.forEach((offset, record) ->
                    builder.appendWithOffset(offset, RecordBatch.NO_TIMESTAMP, record.getKey(), record.getValue()));
            return builder.build().buffer();
        }
    }

    /** Like {@link #batch(List, long)}, but part of this producer's transaction and without a sequence number. */
    public static ByteBuffer transactionalBatch(
            List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records,
            long timestampMs,
            long producerId,
            short producerEpoch) {
        ByteBuffer batch = MemoryRecords.withTransactionalRecords(
                        Compression.NONE, producerId, producerEpoch, 0, simple(records, timestampMs))
                .buffer();
        batch.putInt(BASE_SEQUENCE, RecordBatch.NO_SEQUENCE);
        batch.putInt(CRC, (int) Crc32C.compute(batch, ATTRIBUTES, batch.limit() - ATTRIBUTES));
        return batch;
    }

    /** The control batch that ends a producer's transaction in a partition. */
    public static ByteBuffer endMarker(
            long producerId, short producerEpoch, int coordinatorEpoch, boolean commit, long timestampMs) {
        ControlRecordType type = commit ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        return MemoryRecords.withEndTransactionMarker(
                        timestampMs, producerId, producerEpoch, new EndTransactionMarker(type, coordinatorEpoch))
                .buffer();
    }

    private static SimpleRecord[] simple(List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records, long timestampMs) {
        return records.stream()
                .map(record -> new SimpleRecord(timestampMs, record.getKey(), record.getValue()))
                .toArray(SimpleRecord[]::new);
    }

    /**
     * Passes every record of these whole batches to {@code records} and every end of a transaction to {@code ends}. It
     * skips other control batches and records without a key. A batch that cannot be read, because it decompresses to
     * too many bytes for example, is passed to {@code unreadable}, possibly after some of its records.
     *
     * @param batches in a heap buffer
     * @return the offset after the last batch, -1 if there is none
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     */
    public static long read(ByteBuffer batches, RecordReader records, EndReader ends, UnreadableReader unreadable) {
        long next = -1;
        int at = batches.position();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
            batch.ensureValid();
            ByteBuffer bytes = batches.duplicate().position(at);
            bytes.limit(at + batch.sizeInBytes());
            at = bytes.limit();
            next = batch.nextOffset();
            try {
                read(batch, bytes, records, ends);
            } catch (KafkaStorageException e) {
                throw e;
            } catch (ApiException e) {
                unreadable.unreadable(batch.baseOffset(), e);
            }
        }
        return next;
    }

    private static void read(RecordBatch batch, ByteBuffer bytes, RecordReader records, EndReader ends) {
        int count = batch.countOrNull();
        boolean isControl = batch.isControlBatch();
        long producerId = batch.isTransactional() ? batch.producerId() : RecordBatch.NO_PRODUCER_ID;
        Decompression.walk(batch, bytes, Allowance.ofBatch(), cursor -> {
            RecordCursor each = cursor.keepKeysAndValues();
            for (int i = 0; i < count; i++) {
                each.next();
                long offset = batch.baseOffset() + each.offsetDelta();
                if (isControl) {
                    readEnd(batch, offset, key(each), ends);
                } else if (each.hasKey()) {
                    records.record(offset, producerId, key(each), each.value());
                }
            }
            return count;
        });
    }

    private static ByteBuffer key(RecordCursor record) {
        int from = record.keyFrom();
        return ByteBuffer.wrap(Arrays.copyOfRange(record.keyBytes(), from, from + Math.max(record.keySize(), 0)));
    }

    private static void readEnd(RecordBatch batch, long offset, ByteBuffer key, EndReader ends) {
        ControlRecordType type = ControlRecordType.parse(key);
        if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
            ends.end(offset, batch.producerId(), type == ControlRecordType.COMMIT);
        }
    }
}
