package io.aeon.storage.compaction;

/**
 * The offset range of a pass.
 *
 * @param start log start offset
 * @param firstDirty records below were cleaned by earlier passes
 * @param end first offset that must not be compacted yet
 */
public record CompactionRange(long start, long firstDirty, long end) {}
