package io.aeon.metadata;

import java.nio.ByteBuffer;
import java.util.Iterator;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/** What a follower of the metadata quorum takes of the records its leader has sent. */
final class LeaderBatches {
    private LeaderBatches() {}

    /**
     * The batches up to the first that is damaged, cut short, or of an epoch after the leader's.
     *
     * @throws IllegalArgumentException there are no records
     * @throws CorruptRecordException there is no such batch; the raft client asks for the records again
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
                    "The leader has sent no batch that is whole and of epoch " + leaderEpoch + " or before");
        }
        ByteBuffer valid = records.buffer();
        return MemoryRecords.readableRecords(valid.limit(valid.position() + bytes));
    }
}
