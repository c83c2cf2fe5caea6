package io.aeon.storage.log;

/**
 * A record found by time.
 *
 * @param timestamp milliseconds since the epoch
 * @param offset the batch's base offset: the exact record inside it is for a caller that can decompress
 * @param leaderEpoch the leader epoch it was written in
 */
public record TimestampOffset(long timestamp, long offset, int leaderEpoch) {}
