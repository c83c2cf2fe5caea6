package io.aeon.storage.compaction;

/**
 * The memory of one pass.
 *
 * @param offsetMapBytes bytes for the latest offsets of keys, 24 bytes per key; they limit the range of a pass
 * @param offsetMapLoad maximum used part of these bytes, below 1
 * @param blockBytes bytes per read and per write; a larger batch uses as many bytes as it has
 */
public record CompactionMemory(long offsetMapBytes, double offsetMapLoad, int blockBytes) {}
