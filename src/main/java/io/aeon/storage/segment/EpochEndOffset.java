package io.aeon.storage.segment;

/**
 * The end of a leader epoch.
 *
 * @param leaderEpoch the largest known epoch at or below the requested one, -1 if there is none
 * @param endOffset first offset after the epoch, -1 if it is unknown
 */
public record EpochEndOffset(int leaderEpoch, long endOffset) {}
