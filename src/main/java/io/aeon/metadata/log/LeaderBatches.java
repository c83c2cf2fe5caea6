package io.aeon.metadata.log;

import java.nio.ByteBuffer;
import java.util.Iterator;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/** Selects the valid batches among the records that a leader sent to a follower of the metadata quorum. */
final class LeaderBatches {
    private LeaderBatches() {}

    /**
     * The batches before the first one that is damaged, incomplete, or of a later epoch than the leader's.
     *
     * @throws IllegalArgumentException there are no records
     * @throws CorruptRecordException the first batch is not valid; the raft client fetches the records again
     */
    static MemoryRecords valid(MemoryRecords records, int leaderEpoch) {
        if (records.sizeInBytes() == 0) {
            throw new IllegalArgumentException("There are no records to append");
        }
        int bytes = 0;
        Iterator<MutableRecordBatch> batches = records.batches().iterator();
        while (batches.hasNext()) {
            MutableRecordBatch batch = batches.next();
            if (!batch.isValid() || batch.partitionLeaderEpoch() > leaderEpoch) {
                break;
            }
            bytes += batch.sizeInBytes();
        }
        if (bytes == 0) {
            throw new CorruptRecordException(
                    "The first batch from the leader is damaged or of an epoch later than " + leaderEpoch);
        }
        ByteBuffer valid = records.buffer();
        return MemoryRecords.readableRecords(valid.limit(valid.position() + bytes));
    }
}
