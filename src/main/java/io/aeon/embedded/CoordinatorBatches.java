package io.aeon.embedded;

import io.aeon.coordinator.RecordBatches;
import io.aeon.protocol.InternalRecords;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Gives the coordinators access to Kafka's batch format, because only the protocol room knows it. */
final class CoordinatorBatches implements RecordBatches {
    @Override
    public ByteBuffer batch(List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> records, long timestampMs) {
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
