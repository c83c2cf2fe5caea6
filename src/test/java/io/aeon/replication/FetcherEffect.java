package io.aeon.replication;

import org.jspecify.annotations.Nullable;

/** What a fetcher wants to be done. */
sealed interface FetcherEffect<R> {
    /** Sends a request; ends with {@code Answered} or {@code Failed}. */
    record Send<R>(FetchRequest request) implements FetcherEffect<R> {}

    /** Appends the leader's records, if there are any, then takes over its offsets; ends with {@code Stored}. */
    record Append<R>(
            int partition, int leaderEpoch, @Nullable R records, long highWatermark, long logStart)
            implements FetcherEffect<R> {}

    /** Truncates the log to where it agrees with the leader's; ends with {@code Stored}. */
    record Truncate<R>(int partition, int leaderEpoch, EpochEnd leaderEnd) implements FetcherEffect<R> {}

    /** Truncates the log to an offset; ends with {@code Stored}. */
    record TruncateTo<R>(int partition, int leaderEpoch, long offset) implements FetcherEffect<R> {}

    /** Removes all records, and begins at an offset; ends with {@code Stored}. */
    record StartAnew<R>(int partition, int leaderEpoch, long offset) implements FetcherEffect<R> {}

    /** Asks the leader where its log begins and ends; ends with {@code OffsetsFound} or {@code OffsetsUnknown}. */
    record FindOffsets<R>(int partition, int leaderEpoch) implements FetcherEffect<R> {}
}
