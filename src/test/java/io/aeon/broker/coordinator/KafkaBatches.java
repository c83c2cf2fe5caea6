package io.aeon.broker.coordinator;

import io.aeon.coordinator.RecordBatches;
import io.aeon.protocol.InternalRecords;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Kafka's batches, unless a test breaks them. */
public final class KafkaBatches implements RecordBatches {
    private final Runnable beforeBatch;

    /** @param beforeBatch run before each batch is made; it may throw */
    public KafkaBatches(Runnable beforeBatch) {
        this.beforeBatch = beforeBatch;
    }

    @Override
    public ByteBuffer batch(List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records, long timestampMs) {
        beforeBatch.run();
        return InternalRecords.batch(records, timestampMs);
    }

    @Override
    public ByteBuffer batch(SortedMap<Long, Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records, long producerId) {
        return InternalRecords.batch(records, producerId);
    }

    @Override
    public ByteBuffer transactionalBatch(
            List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records,
            long timestampMs,
            long producerId,
            short producerEpoch) {
        beforeBatch.run();
        return InternalRecords.transactionalBatch(records, timestampMs, producerId, producerEpoch);
    }

    @Override
    public ByteBuffer endMarker(
            long producerId, short producerEpoch, int coordinatorEpoch, boolean commit, long timestampMs) {
        return InternalRecords.endMarker(producerId, producerEpoch, coordinatorEpoch, commit, timestampMs);
    }

    @Override
    public long read(ByteBuffer batches, Reader reader) {
        return InternalRecords.read(batches, reader::record, reader::end, reader::unreadable);
    }
}
