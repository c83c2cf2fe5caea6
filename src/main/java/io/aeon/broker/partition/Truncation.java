package io.aeon.broker.partition;

import io.aeon.replication.EpochEnd;

/** Which records a follower removes. */
public sealed interface Truncation {
    /** All batches that end at or after {@code offset}. */
    record ToOffset(long offset) implements Truncation {}

    /**
     * What differs from the leader's log.
     *
     * @param leaders the end of an epoch in the leader's log
     */
    record ToEpochEnd(EpochEnd leaders) implements Truncation {}

    /** All records; the next one has this offset. */
    record Whole(long nextOffset) implements Truncation {}

    /** All records below {@code offset}, or below the high watermark if that is lower. */
    record Before(long offset) implements Truncation {}
}
