package io.aeon.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.CloseableIterator;

/** Writes the records of a validated batch into a new batch. */
final class BatchRebuild {
    private BatchRebuild() {}

    /**
     * A batch with the same records and the offsets 0, 1, 2 and so on.
     *
     * @param logAppendTime the records' timestamp if {@code timestamps} is LOG_APPEND_TIME; milliseconds since the
     *     epoch
     * @throws org.apache.kafka.common.errors.KafkaStorageException the library for {@code target} cannot be loaded
     */
    static ByteBuffer rebuild(
            MutableRecordBatch batch, Compression target, TimestampType timestamps, long logAppendTime) {
        CodecLibraries.require(target.type());
        try (MemoryRecordsBuilder builder = builder(batch, target, timestamps, logAppendTime);
                CloseableIterator<Record> records = batch.streamingIterator(Decompression.buffers())) {
            for (long offset = 0; records.hasNext(); offset++) {
                builder.appendWithOffset(offset, records.next());
            }
            return builder.build().buffer();
        }
    }

    private static MemoryRecordsBuilder builder(
            MutableRecordBatch batch, Compression target, TimestampType timestamps, long logAppendTime) {
        return MemoryRecords.builder(
                ByteBuffer.allocate(batch.sizeInBytes()),
                RecordBatch.MAGIC_VALUE_V2,
                target,
                timestamps,
                0L,
                logAppendTime,
                batch.producerId(),
                batch.producerEpoch(),
                batch.baseSequence(),
                batch.isTransactional(),
                RecordBatch.NO_PARTITION_LEADER_EPOCH);
    }
}
