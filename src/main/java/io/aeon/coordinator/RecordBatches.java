package io.aeon.coordinator;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Creates and reads the batches of the coordinator topics. Thread-safe. */
public interface RecordBatches {
    /**
     * One v2 batch with these records and base offset 0.
     *
     * @param records keys with their values, a null value for a tombstone
     */
    ByteBuffer batch(List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records, long timestampMs);

    /**
     * One v2 batch of records with offsets of their own.
     *
     * @param records keys with their values by offset; the offsets differ by less than 2^31
     * @param producerId producer to whose transaction the records belong, -1 if there is none
     */
    ByteBuffer batch(SortedMap<Long, Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records, long producerId);

    /**
     * As {@link #batch(List, long)}, as part of this producer's transaction. Its base sequence is -1, so that no
     * sequence is checked.
     */
    ByteBuffer transactionalBatch(
            List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records,
            long timestampMs,
            long producerId,
            short producerEpoch);

    /** The control batch that ends a producer's transaction in a partition. */
    ByteBuffer endMarker(long producerId, short producerEpoch, int coordinatorEpoch, boolean commit, long timestampMs);

    /**
     * Passes every record and every end of a transaction in these whole batches to {@code reader}.
     *
     * @return the offset after the last batch, -1 if there is none
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     */
    long read(ByteBuffer batches, Reader reader);

    /** Receives the contents of a log in offset order. */
    interface Reader {
        /**
         * @param producerId producer to whose transaction the record belongs, -1 if there is none
         * @param value null for a tombstone
         */
        void record(long offset, long producerId, ByteBuffer key, @Nullable ByteBuffer value);

        /** A batch cannot be read, or only in part: it decompresses to too many bytes, for example. */
        void unreadable(long baseOffset, RuntimeException reason);

        /** Ends this producer's transaction: its records since its previous end are committed or aborted. */
        void end(long offset, long producerId, boolean committed);
    }
}
