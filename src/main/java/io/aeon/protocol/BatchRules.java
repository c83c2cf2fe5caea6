package io.aeon.protocol;

import org.apache.kafka.common.compress.Compression;
import org.jspecify.annotations.Nullable;

/**
 * A topic's rules for the batches that are written to it.
 *
 * @param topicPartition name of the partition in error messages
 * @param maxBatchBytes largest batch, in bytes
 * @param maxRecordBytes largest record, in bytes after decompression
 * @param logAppendTime whether records get the time of their append
 * @param beforeMaxMs how many milliseconds before now a record's own timestamp may lie
 * @param afterMaxMs how many milliseconds after now a record's own timestamp may lie
 * @param keysNeeded whether a record without a key is refused, as compaction requires
 * @param compression the codec in which batches are stored, null to keep the codec of each batch
 */
public record BatchRules(
        String topicPartition,
        int maxBatchBytes,
        int maxRecordBytes,
        boolean logAppendTime,
        long beforeMaxMs,
        long afterMaxMs,
        boolean keysNeeded,
        @Nullable Compression compression) {}
