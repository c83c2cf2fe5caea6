package io.aeon.storage.log;

/**
 * Where a batch went.
 *
 * @param baseOffset offset of its first record
 * @param lastOffset offset of its last record
 * @param logStartOffset the log's first offset at that moment
 */
public record AppendResult(long baseOffset, long lastOffset, long logStartOffset) {}
