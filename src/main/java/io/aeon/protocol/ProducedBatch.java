package io.aeon.protocol;

import java.nio.ByteBuffer;
import java.util.Iterator;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * The only v2 batch that a produce request has for a partition.
 *
 * @param header reads and changes the batch in place
 * @param bytes the whole batch, in the same memory
 */
public record ProducedBatch(DefaultRecordBatch header, ByteBuffer bytes) {
    private static final short FIRST_VERSION_WITH_ZSTD = 7;

    /**
     * Finds the batch and makes the checks that do not depend on the topic.
     *
     * @param version of the produce request
     * @throws org.apache.kafka.common.errors.ApiException there is not exactly one batch, or it is of the wrong kind
     */
    public static ProducedBatch of(@Nullable BaseRecords sent, short version) {
        if (!(sent instanceof MemoryRecords records)) {
            throw new InvalidRecordException("The produce request has no records for the partition.");
        }
        Iterator<MutableRecordBatch> batches = batches(records);
        if (!batches.hasNext()) {
            throw new InvalidRecordException("The produce request has no whole batch for the partition.");
        }
        if (!(batches.next() instanceof DefaultRecordBatch batch)) {
            throw new InvalidRecordException("Only batches of magic 2 are accepted.");
        }
        if (batch.sizeInBytes() < DefaultRecordBatch.RECORD_BATCH_OVERHEAD) {
            throw new CorruptRecordException(
                    "A batch of " + batch.sizeInBytes() + " bytes is shorter than its header.");
        }
        if (compression(batch) == CompressionType.ZSTD && version < FIRST_VERSION_WITH_ZSTD) {
            throw new UnsupportedCompressionTypeException("Produce version " + version + " does not support zstd.");
        }
        if (batches.hasNext()) {
            throw new InvalidRecordException("The produce request has more than one batch for the partition.");
        }
        ByteBuffer bytes = records.buffer();
        bytes.limit(bytes.position() + batch.sizeInBytes());
        return new ProducedBatch(batch, bytes);
    }

    private static Iterator<MutableRecordBatch> batches(MemoryRecords records) {
        Iterator<MutableRecordBatch> batches = records.batches().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                try {
                    return batches.hasNext();
                } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                    throw new CorruptRecordException("The batch's length is invalid.", e);
                }
            }

            @Override
            public MutableRecordBatch next() {
                return batches.next();
            }
        };
    }

    private static CompressionType compression(RecordBatch batch) {
        try {
            return batch.compressionType();
        } catch (IllegalArgumentException e) {
            throw new InvalidRecordException("The batch has an unknown compression codec.", e);
        }
    }
}
