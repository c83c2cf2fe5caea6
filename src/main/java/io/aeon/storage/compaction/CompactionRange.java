package io.aeon.storage.compaction;

/**
 * What a pass covers.
 *
 * @param start first offset of the log
 * @param firstDirty everything below was cleaned by passes before
 * @param end first offset that may not be touched yet
 */
public record CompactionRange(long start, long firstDirty, long end) {}
