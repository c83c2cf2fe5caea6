package io.aeon.api.fetch;

import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.ReadResult;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.producer.AbortedTransaction;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * What reading one partition gave.
 *
 * @param records to be closed by whoever has the result
 * @param highWatermark -1 with an error
 * @param lastStableOffset -1 with an error
 * @param logStartOffset -1 with an error
 * @param aborted transactions that a reader of committed records passes over
 */
record FetchResult(
        Errors error,
        LogSlice records,
        Isolation isolation,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        List<AbortedTransaction> aborted) {
    static FetchResult of(ReadResult read, Isolation isolation) {
        return new FetchResult(
                Errors.NONE,
                read.records(),
                isolation,
                read.highWatermark(),
                read.lastStableOffset(),
                read.logStartOffset(),
                read.aborted());
    }

    static FetchResult failed(Errors error) {
        return new FetchResult(error, LogSlice.EMPTY, Isolation.UNCOMMITTED, -1, -1, -1, List.of());
    }

    /** Where the records end that this reader may see. */
    long endOffset() {
        return isolation == Isolation.COMMITTED ? lastStableOffset : highWatermark;
    }

    boolean tellsMoreThanOffsets() {
        return error != Errors.NONE || records.size() > 0;
    }

    /** Whether there is nothing to read at {@code offset} until the end moves. */
    boolean hasNothingAt(long offset) {
        return error == Errors.NONE && records.size() == 0 && endOffset() <= offset;
    }

    FetchResult withoutRecords() {
        records.close();
        return new FetchResult(
                error, LogSlice.EMPTY, isolation, highWatermark, lastStableOffset, logStartOffset, List.of());
    }
}
