package io.aeon.broker.partition;

import io.aeon.storage.file.LogSlice;
import io.aeon.storage.producer.AbortedTransaction;
import io.aeon.storage.segment.EpochEndOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a read; the receiver closes {@code records}.
 *
 * @param aborted the aborted transactions with records in this result, which a consumer with isolation level
 *     read_committed skips; empty for other readers
 * @param mark what the reader sees, for a {@link PartitionCommand.Watch}
 * @param diverging the end of the reader's last epoch in this log, if the reader has records that this log lacks;
 *     otherwise null
 * @param preferredReplica broker id of the follower from which the reader is to read, -1 for none (KIP-392)
 */
public record ReadResult(
        LogSlice records,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        long logEndOffset,
        List<AbortedTransaction> aborted,
        Growth.Mark mark,
        @Nullable EpochEndOffset diverging,
        int preferredReplica) {
    public static final int NONE = -1;

    /** The result of a partition without an open log, of which all records are visible. */
    public ReadResult(LogSlice records, long endOffset, long logStartOffset) {
        this(records, endOffset, endOffset, logStartOffset, endOffset, List.of(), Growth.Mark.UNKNOWN, null, NONE);
    }

    /** The same for a reader that is to read from a follower. */
    public ReadResult redirectedTo(int follower) {
        return new ReadResult(
                records,
                highWatermark,
                lastStableOffset,
                logStartOffset,
                logEndOffset,
                aborted,
                mark,
                diverging,
                follower);
    }

    /** The same without its records, which the caller has closed. */
    public ReadResult withoutRecords() {
        return new ReadResult(
                LogSlice.EMPTY,
                highWatermark,
                lastStableOffset,
                logStartOffset,
                logEndOffset,
                List.of(),
                mark,
                diverging,
                preferredReplica);
    }
}
