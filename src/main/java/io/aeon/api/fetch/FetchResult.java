package io.aeon.api.fetch;

import io.aeon.broker.partition.Growth;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.ReadResult;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.producer.AbortedTransaction;
import io.aeon.storage.segment.EpochEndOffset;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The result of reading one partition.
 *
 * @param read with an error, all offsets are -1
 * @param isolation of the reader
 */
record FetchResult(Errors error, ReadResult read, Isolation isolation) {
    private static final ReadResult NOTHING = new ReadResult(LogSlice.EMPTY, -1, -1);

    static FetchResult of(ReadResult read, Isolation isolation) {
        return new FetchResult(Errors.NONE, read, isolation);
    }

    static FetchResult failed(Errors error) {
        return new FetchResult(error, NOTHING, Isolation.UNCOMMITTED);
    }

    /** The owner of the result closes them. */
    LogSlice records() {
        return read.records();
    }

    long highWatermark() {
        return read.highWatermark();
    }

    long lastStableOffset() {
        return read.lastStableOffset();
    }

    long logStartOffset() {
        return read.logStartOffset();
    }

    /** What the read saw. */
    Growth.Mark mark() {
        return read.mark();
    }

    /** The end of the reader's last epoch, if the reader has records that the partition lacks; otherwise null. */
    @Nullable
    EpochEndOffset diverging() {
        return read.diverging();
    }

    /** Broker id of the follower from which the client is to read, -1 for none. */
    int preferredReplica() {
        return read.preferredReplica();
    }

    /** The transactions whose records the client has to skip; null unless it reads committed records. */
    @Nullable
    List<AbortedTransaction> aborted() {
        return isolation == Isolation.COMMITTED && diverging() == null ? read.aborted() : null;
    }

    /** The offset after the last record that this client may read. */
    long endOffset() {
        return switch (isolation) {
            case UNCOMMITTED -> read.highWatermark();
            case COMMITTED -> read.lastStableOffset();
            case LOG_END -> read.logEndOffset();
        };
    }

    /** Whether the client has to be told at once: it has to react before it can read on. */
    boolean isUrgent() {
        return error != Errors.NONE || diverging() != null || preferredReplica() >= 0;
    }

    boolean tellsMoreThanOffsets() {
        return isUrgent() || records().size() > 0;
    }

    /** Whether no record can be read at {@code offset} before the end offset moves. */
    boolean hasNothingAt(long offset) {
        return !tellsMoreThanOffsets() && endOffset() <= offset;
    }

    /** Whether the partition has more records than at an earlier read, which gave as many bytes. */
    boolean hasGrownInVain(FetchResult earlier) {
        return endOffset() > earlier.endOffset()
                && records().size() <= earlier.records().size();
    }

    /** The same without the records, which it closes. */
    FetchResult withoutRecords() {
        records().close();
        return new FetchResult(error, read.withoutRecords(), isolation);
    }
}
