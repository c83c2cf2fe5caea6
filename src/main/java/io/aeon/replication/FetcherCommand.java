package io.aeon.replication;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a fetcher.
 *
 * @param <P> identifies a partition
 * @param <R> records
 */
public sealed interface FetcherCommand<P, R> {
    /** A partition is led by the fetcher's broker in this epoch; also after its log was opened again. */
    record Assign<P, R>(P partition, int leaderEpoch, LogPosition position) implements FetcherCommand<P, R> {}

    /** A partition is no longer led by the fetcher's broker. */
    record Remove<P, R>(P partition) implements FetcherCommand<P, R> {}

    /** The leader has answered. */
    record Answered<P, R>(long request, int sessionId, Errors error, List<Answer<P, R>> partitions)
            implements FetcherCommand<P, R> {}

    /** The connection was lost, or the answer is overdue. */
    record Failed<P, R>(long request) implements FetcherCommand<P, R> {}

    /** The log has done what the fetcher asked for. */
    record Stored<P, R>(P partition, int leaderEpoch, LogPosition position) implements FetcherCommand<P, R> {}

    /** The leader's answer to {@link FetcherEffect.FindOffsets}. */
    record OffsetsFound<P, R>(P partition, int leaderEpoch, long start, long end) implements FetcherCommand<P, R> {}

    /** {@link FetcherEffect.FindOffsets} has failed. */
    record OffsetsUnknown<P, R>(P partition, int leaderEpoch) implements FetcherCommand<P, R> {}

    /** Time has passed. */
    record Tick<P, R>() implements FetcherCommand<P, R> {}

    /**
     * The leader's answer for one partition.
     *
     * @param diverging the end of the follower's last epoch in the leader's log, if the follower has records that the
     *     leader lacks
     */
    record Answer<P, R>(
            P partition,
            Errors error,
            @Nullable EpochEnd diverging,
            @Nullable R records,
            long highWatermark,
            long logStart) {}
}
