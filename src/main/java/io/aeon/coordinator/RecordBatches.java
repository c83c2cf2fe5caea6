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

    /** As {@link #batch}, as a part of this producer's transaction. Its base sequence is -1: no sequence is checked. */
    ByteBuffer transactionalBatch(
            List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records,
            long timestampMs,
            long producerId,
            short producerEpoch);

    /** The control batch that ends a producer's transaction in a partition. */
    ByteBuffer endMarker(long producerId, short producerEpoch, int coordinatorEpoch, boolean commit, long timestampMs);

    /**
     * Hands every record of these whole batches to {@code reader}, and every end of a transaction.
     *
     * @return the offset after the last batch, -1 if there is none
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     */
    long read(ByteBuffer batches, Reader reader);

    /** Sees a log in order. */
    interface Reader {
        /**
         * @param producerId whose transaction the record is a part of, -1 if of none
         * @param value null for a tombstone
         */
        void record(long offset, long producerId, ByteBuffer key, @Nullable ByteBuffer value);

        /** What this producer has written in a transaction since its last end is committed, or not. */
        void end(long offset, long producerId, boolean committed);
    }
}
