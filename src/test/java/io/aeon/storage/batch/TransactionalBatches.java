package io.aeon.storage.batch;

import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Batches of producers with an id, as clients and coordinators send them. */
public final class TransactionalBatches {
    private static final int CRC = 17;
    private static final int BASE_SEQUENCE = 53;

    private TransactionalBatches() {}

    public static ByteBuffer idempotent(long producerId, int epoch, int sequence, int count, long timestamp) {
        return copy(MemoryRecords.withIdempotentRecords(
                RecordBatch.MAGIC_VALUE_V2,
                0,
                Compression.NONE,
                producerId,
                (short) epoch,
                sequence,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                records(count, timestamp)));
    }

    public static ByteBuffer transactional(long producerId, int epoch, int sequence, int count, long timestamp) {
        return transactional(producerId, epoch, sequence, records(count, timestamp));
    }

    public static ByteBuffer transactional(long producerId, int epoch, int sequence, SimpleRecord... records) {
        return copy(MemoryRecords.withTransactionalRecords(
                RecordBatch.MAGIC_VALUE_V2,
                0,
                Compression.NONE,
                producerId,
                (short) epoch,
                sequence,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                records));
    }

    /** A batch that a coordinator writes to its own topic: part of the transaction, without a sequence number. */
    public static ByteBuffer ofCoordinator(long producerId, int epoch, int count, long timestamp) {
        ByteBuffer batch = transactional(producerId, epoch, 0, count, timestamp);
        batch.putInt(BASE_SEQUENCE, RecordBatch.NO_SEQUENCE);
        return batch.putInt(CRC, BatchHeader.computeCrc(batch, 0));
    }

    public static ByteBuffer marker(long producerId, int epoch, int coordinatorEpoch, boolean aborts, long timestamp) {
        ControlRecordType type = aborts ? ControlRecordType.ABORT : ControlRecordType.COMMIT;
        return copy(MemoryRecords.withEndTransactionMarker(
                timestamp, producerId, (short) epoch, new EndTransactionMarker(type, coordinatorEpoch)));
    }

    private static SimpleRecord[] records(int count, long timestamp) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(timestamp, new byte[20]);
        }
        return records;
    }

    private static ByteBuffer copy(MemoryRecords records) {
        ByteBuffer source = records.buffer();
        return ByteBuffer.allocate(source.remaining()).put(source.duplicate()).flip();
    }
}
