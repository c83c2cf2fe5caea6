package io.aeon.protocol;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.jspecify.annotations.Nullable;

/** Finds single records in a stored batch; decompresses it if necessary. */
public final class BatchSearch {
    private BatchSearch() {}

    /**
     * A record's timestamp and offset.
     *
     * @param timestamp milliseconds since the epoch
     */
    public record Found(long timestamp, long offset) {}

    /**
     * The first record of the first batch in {@code bytes} that has at least this timestamp and at least this offset.
     *
     * @param bytes at least one whole v2 batch
     */
    public static Optional<Found> firstAtOrAfter(byte[] bytes, long timestamp, long offset) {
        DefaultRecordBatch batch = firstBatch(bytes);
        return Decompression.walk(batch, ByteBuffer.wrap(bytes, 0, batch.sizeInBytes()), records -> {
            int count = batch.countOrNull();
            for (int i = 0; i < count; i++) {
                Found found = next(batch, records);
                if (found.timestamp() >= timestamp && found.offset() >= offset) {
                    return Optional.of(found);
                }
            }
            return Optional.empty();
        });
    }

    /**
     * The record with the largest timestamp in the first batch; of several such records, the first. Empty if all
     * records are below {@code offset}. A batch without records (after compaction) gives its largest timestamp and last
     * offset.
     */
    public static Optional<Found> latest(byte[] bytes, long offset) {
        DefaultRecordBatch batch = firstBatch(bytes);
        if (batch.countOrNull() == 0) {
            return Optional.of(new Found(batch.maxTimestamp(), batch.lastOffset()));
        }
        return Decompression.walk(batch, ByteBuffer.wrap(bytes, 0, batch.sizeInBytes()), records -> {
            @Nullable Found latest = null;
            int count = batch.countOrNull();
            for (int i = 0; i < count; i++) {
                Found found = next(batch, records);
                boolean isLater = latest == null || found.timestamp() > latest.timestamp();
                latest = found.offset() >= offset && isLater ? found : latest;
            }
            return Optional.ofNullable(latest);
        });
    }

    private static Found next(DefaultRecordBatch batch, RecordCursor records) {
        records.next();
        long timestamp = batch.timestampType() == TimestampType.LOG_APPEND_TIME
                ? batch.maxTimestamp()
                : batch.baseTimestamp() + records.timestampDelta();
        return new Found(timestamp, batch.baseOffset() + records.offsetDelta());
    }

    private static DefaultRecordBatch firstBatch(byte[] bytes) {
        Iterator<MutableRecordBatch> batches =
                MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches().iterator();
        if (batches.hasNext() && batches.next() instanceof DefaultRecordBatch batch) {
            return batch;
        }
        throw new CorruptRecordException("There is no whole v2 batch.");
    }
}
