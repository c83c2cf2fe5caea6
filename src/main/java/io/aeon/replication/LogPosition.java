package io.aeon.replication;

/**
 * Where a follower's log ends.
 *
 * @param end log end offset; in flush mode {@code sync} everything below it is durable
 * @param lastEpoch leader epoch of the last record, -1 without records
 */
public record LogPosition(long start, long end, int lastEpoch) {}
