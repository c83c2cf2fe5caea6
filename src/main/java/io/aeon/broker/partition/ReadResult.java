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
 */
public record ReadResult(
        LogSlice records,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        long logEndOffset,
        List<AbortedTransaction> aborted,
        Growth.Mark mark,
        @Nullable EpochEndOffset diverging) {
    /** The result of a partition without an open log, of which all records are visible. */
    public ReadResult(LogSlice records, long endOffset, long logStartOffset) {
        this(records, endOffset, endOffset, logStartOffset, endOffset, List.of(), Growth.Mark.UNKNOWN, null);
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
                diverging);
    }
}
