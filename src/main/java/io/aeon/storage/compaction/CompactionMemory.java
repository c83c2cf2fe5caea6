package io.aeon.storage.compaction;

/**
 * What one pass may take.
 *
 * @param offsetMapBytes bytes for the latest offsets of keys, at 24 bytes a key; a pass goes only as far as they reach
 * @param offsetMapLoad part of them that may be in use, below 1
 * @param blockBytes bytes read at once, and written at once; a larger batch takes what it needs
 */
public record CompactionMemory(long offsetMapBytes, double offsetMapLoad, int blockBytes) {}
