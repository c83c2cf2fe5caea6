package io.aeon.replication;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What happens to a fetcher. */
sealed interface FetcherCommand<R> {
    /** A partition is led by the fetcher's broker in this epoch; also after its log was opened again. */
    record Assign<R>(int partition, int leaderEpoch, LogPosition position) implements FetcherCommand<R> {}

    /** A partition is no longer led by the fetcher's broker. */
    record Remove<R>(int partition) implements FetcherCommand<R> {}

    /** The leader has answered. */
    record Answered<R>(long request, int sessionId, Errors error, List<Answer<R>> partitions)
            implements FetcherCommand<R> {}

    /** The connection was lost, or the answer is overdue. */
    record Failed<R>(long request) implements FetcherCommand<R> {}

    /** The log has done what the fetcher asked for. */
    record Stored<R>(int partition, int leaderEpoch, LogPosition position) implements FetcherCommand<R> {}

    /** The leader's answer to {@link FetcherEffect.FindOffsets}. */
    record OffsetsFound<R>(int partition, int leaderEpoch, long start, long end) implements FetcherCommand<R> {}

    /** {@link FetcherEffect.FindOffsets} has failed. */
    record OffsetsUnknown<R>(int partition, int leaderEpoch) implements FetcherCommand<R> {}

    /** Time has passed. */
    record Tick<R>() implements FetcherCommand<R> {}

    /**
     * The leader's answer for one partition.
     *
     * @param diverging the end of the follower's last epoch in the leader's log, if the follower has records that the
     *     leader lacks
     */
    record Answer<R>(
            int partition,
            Errors error,
            @Nullable EpochEnd diverging,
            @Nullable R records,
            long highWatermark,
            long logStart) {}
}
