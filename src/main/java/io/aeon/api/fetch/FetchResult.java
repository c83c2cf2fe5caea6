package io.aeon.api.fetch;

import io.aeon.storage.LogSlice;
import org.apache.kafka.common.protocol.Errors;

/**
 * What reading one partition gave.
 *
 * @param records to be closed by whoever has the result
 * @param highWatermark -1 with an error
 * @param logStartOffset -1 with an error
 */
record FetchResult(Errors error, LogSlice records, long highWatermark, long logStartOffset) {
    static FetchResult failed(Errors error) {
        return new FetchResult(error, LogSlice.EMPTY, -1, -1);
    }

    boolean tellsMoreThanOffsets() {
        return error != Errors.NONE || records.size() > 0;
    }

    /** Whether there is nothing to read at {@code offset} until the high watermark moves. */
    boolean hasNothingAt(long offset) {
        return error == Errors.NONE && records.size() == 0 && highWatermark <= offset;
    }

    FetchResult withoutRecords() {
        records.close();
        return new FetchResult(error, LogSlice.EMPTY, highWatermark, logStartOffset);
    }
}
