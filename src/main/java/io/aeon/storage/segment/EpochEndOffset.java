package io.aeon.storage.segment;

/**
 * The end of a leader epoch.
 *
 * @param leaderEpoch the largest epoch at or below the one asked for, -1 if none
 * @param endOffset first offset after it, -1 if unknown
 */
public record EpochEndOffset(int leaderEpoch, long endOffset) {}
