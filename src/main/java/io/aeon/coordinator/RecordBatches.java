package io.aeon.coordinator;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes and reads the batches of the topics a coordinator keeps its state in. Thread-safe. */
public interface RecordBatches {
    /**
     * One v2 batch of these records, with base offset 0.
     *
     * @param records keys with their values, a null value for a tombstone
     */
    ByteBuffer batch(List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records, long timestampMs);

    /**
     * Hands every record of these whole batches to {@code reader}; control batches are passed over.
     *
     * @return the offset after the last batch, -1 if there is none
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     */
    long read(ByteBuffer batches, Reader reader);

    /** Sees the records of a log, in order. */
    interface Reader {
        /** @param value null for a tombstone */
        void record(long offset, ByteBuffer key, @Nullable ByteBuffer value);
    }
}
