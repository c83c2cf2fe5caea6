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

/** Finds single records in a stored batch; decompresses it if necessary. One thread. */
public final class BatchSearch {
    private final DefaultRecordBatch batch;
    private final ByteBuffer bytes;

    private BatchSearch(DefaultRecordBatch batch, ByteBuffer bytes) {
        this.batch = batch;
        this.bytes = bytes;
    }

    /**
     * A search in the first batch of {@code bytes}.
     *
     * @param bytes at least one whole v2 batch
     */
    public static BatchSearch in(byte[] bytes) {
        Iterator<MutableRecordBatch> batches =
                MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches().iterator();
        if (batches.hasNext() && batches.next() instanceof DefaultRecordBatch batch) {
            return new BatchSearch(batch, ByteBuffer.wrap(bytes, 0, batch.sizeInBytes()));
        }
        throw new CorruptRecordException("There is no whole v2 batch.");
    }

    /**
     * A record's timestamp and offset.
     *
     * @param timestamp milliseconds since the epoch
     */
    public record Found(long timestamp, long offset) {}

    /**
     * The answer to a search by time.
     *
     * @param found the first record that has at least the timestamp
     * @param from the smallest timestamp to which this is the answer; all up to that of {@code found} have this answer
     */
    public record FirstFound(Optional<Found> found, long from) {}

    /** Whether a search can take long. */
    public boolean isCompressed() {
        return batch.isCompressed();
    }

    public long baseOffset() {
        return batch.baseOffset();
    }

    public long lastOffset() {
        return batch.lastOffset();
    }

    /** The largest timestamp of the batch, also if its record is deleted. */
    public long maxTimestamp() {
        return batch.maxTimestamp();
    }

    public long crc() {
        return batch.checksum();
    }

    /** The first record that has at least this timestamp and at least this offset. */
    public FirstFound firstAtOrAfter(long timestamp, long offset) {
        return Decompression.walk(batch, bytes, Allowance.ofBatch(), records -> {
            int count = batch.countOrNull();
            long from = Long.MIN_VALUE;
            for (int i = 0; i < count; i++) {
                Found found = next(records);
                if (found.offset() >= offset && found.timestamp() >= timestamp) {
                    return new FirstFound(Optional.of(found), from);
                }
                from = found.offset() >= offset ? Math.max(from, found.timestamp() + 1) : from;
            }
            return new FirstFound(Optional.empty(), from);
        });
    }

    /**
     * The record with the largest timestamp; of several such records, the first. Empty if all records are below {@code
     * offset}. A batch without records (after compaction) gives its largest timestamp and last offset.
     */
    public Optional<Found> latest(long offset) {
        int count = batch.countOrNull();
        if (count == 0) {
            return Optional.of(new Found(batch.maxTimestamp(), batch.lastOffset()));
        }
        return Decompression.walk(batch, bytes, Allowance.ofBatch(), records -> {
            @Nullable Found latest = null;
            for (int i = 0; i < count; i++) {
                Found found = next(records);
                boolean isLater = latest == null || found.timestamp() > latest.timestamp();
                latest = found.offset() >= offset && isLater ? found : latest;
            }
            return Optional.ofNullable(latest);
        });
    }

    private Found next(RecordCursor records) {
        records.next();
        long timestamp = batch.timestampType() == TimestampType.LOG_APPEND_TIME
                ? batch.maxTimestamp()
                : batch.baseTimestamp() + records.timestampDelta();
        return new Found(timestamp, batch.baseOffset() + records.offsetDelta());
    }
}
