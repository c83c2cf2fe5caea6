package io.aeon.storage.log;

/**
 * The result of a search by timestamp.
 *
 * @param timestamp milliseconds since the epoch
 * @param offset the batch's base offset; a caller that decompresses the batch can find the exact record
 * @param leaderEpoch the leader epoch in which the batch was written
 */
public record TimestampOffset(long timestamp, long offset, int leaderEpoch) {}
