package io.aeon.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Batches of the topics that the broker keeps its own state in. */
public final class InternalRecords {
    private InternalRecords() {}

    /** Sees the records of a log, in order. */
    public interface Reader {
        /** @param value null for a tombstone */
        void record(long offset, ByteBuffer key, @Nullable ByteBuffer value);
    }

    /**
     * One v2 batch of these records, with base offset 0.
     *
     * @param records keys with their values, a null value for a tombstone
     */
    public static ByteBuffer batch(List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records, long timestampMs) {
        SimpleRecord[] simple = records.stream()
                .map(record -> new SimpleRecord(timestampMs, record.getKey(), record.getValue()))
                .toArray(SimpleRecord[]::new);
        return MemoryRecords.withRecords(Compression.NONE, simple).buffer();
    }

    /**
     * Hands every record of these whole batches to {@code reader}; control batches and records without a key are passed
     * over.
     *
     * @return the offset after the last batch, -1 if there is none
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     */
    public static long read(ByteBuffer batches, Reader reader) {
        long next = -1;
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
            batch.ensureValid();
            next = batch.nextOffset();
            if (batch.isControlBatch()) {
                continue;
            }
            for (Record record : batch) {
                if (record.hasKey()) {
                    reader.record(record.offset(), record.key(), record.value());
                }
            }
        }
        return next;
    }
}
