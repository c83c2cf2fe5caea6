package io.aeon.broker.partition;

import io.aeon.storage.file.LogSlice;

/**
 * A batch found by time; the reply to {@link PartitionCommand.FindBatch}.
 *
 * @param records start with the batch; the receiver closes them
 * @param logStartOffset records below it are deleted, although the batch may still contain them
 */
public record FoundBatch(LogSlice records, int leaderEpoch, long logStartOffset) {}
