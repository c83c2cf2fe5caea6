package io.aeon.replication;

import org.jspecify.annotations.Nullable;

/**
 * What a fetcher wants to be done.
 *
 * @param <P> identifies a partition
 * @param <R> records
 */
public sealed interface FetcherEffect<P, R> {
    /** Sends a request; ends with {@code Answered} or {@code Failed}. */
    record Send<P, R>(FetchRequest<P> request) implements FetcherEffect<P, R> {}

    /** Appends the leader's records, if there are any, then takes over its offsets; ends with {@code Stored}. */
    record Append<P, R>(
            P partition, int leaderEpoch, @Nullable R records, long highWatermark, long logStart)
            implements FetcherEffect<P, R> {}

    /** Truncates the log to where it agrees with the leader's; ends with {@code Stored}. */
    record Truncate<P, R>(P partition, int leaderEpoch, EpochEnd leaderEnd) implements FetcherEffect<P, R> {}

    /** Truncates the log to an offset; ends with {@code Stored}. */
    record TruncateTo<P, R>(P partition, int leaderEpoch, long offset) implements FetcherEffect<P, R> {}

    /** Removes all records, and begins at an offset; ends with {@code Stored}. */
    record StartAnew<P, R>(P partition, int leaderEpoch, long offset) implements FetcherEffect<P, R> {}

    /** Asks the leader where its log begins and ends; ends with {@code OffsetsFound} or {@code OffsetsUnknown}. */
    record FindOffsets<P, R>(P partition, int leaderEpoch) implements FetcherEffect<P, R> {}
}
