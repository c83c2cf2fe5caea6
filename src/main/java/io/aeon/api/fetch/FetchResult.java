package io.aeon.api.fetch;

import io.aeon.broker.partition.Growth;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.ReadResult;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.producer.AbortedTransaction;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * The result of reading one partition.
 *
 * @param records the owner of the result closes them
 * @param highWatermark -1 with an error
 * @param lastStableOffset -1 with an error
 * @param logStartOffset -1 with an error
 * @param aborted transactions whose records a consumer with isolation level read_committed skips
 * @param mark what the read saw
 */
record FetchResult(
        Errors error,
        LogSlice records,
        Isolation isolation,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        List<AbortedTransaction> aborted,
        Growth.Mark mark) {
    static FetchResult of(ReadResult read, Isolation isolation) {
        return new FetchResult(
                Errors.NONE,
                read.records(),
                isolation,
                read.highWatermark(),
                read.lastStableOffset(),
                read.logStartOffset(),
                read.aborted(),
                read.mark());
    }

    static FetchResult failed(Errors error) {
        return new FetchResult(
                error, LogSlice.EMPTY, Isolation.UNCOMMITTED, -1, -1, -1, List.of(), Growth.Mark.UNKNOWN);
    }

    /** The offset after the last record that this consumer may read. */
    long endOffset() {
        return isolation == Isolation.COMMITTED ? lastStableOffset : highWatermark;
    }

    boolean tellsMoreThanOffsets() {
        return error != Errors.NONE || records.size() > 0;
    }

    /** Whether no record can be read at {@code offset} before the end offset moves. */
    boolean hasNothingAt(long offset) {
        return error == Errors.NONE && records.size() == 0 && endOffset() <= offset;
    }

    /** Whether the partition has more records than at an earlier read, which gave as many bytes. */
    boolean hasGrownInVain(FetchResult earlier) {
        return endOffset() > earlier.endOffset()
                && records.size() <= earlier.records().size();
    }

    FetchResult withoutRecords() {
        records.close();
        return new FetchResult(
                error, LogSlice.EMPTY, isolation, highWatermark, lastStableOffset, logStartOffset, List.of(), mark);
    }
}
