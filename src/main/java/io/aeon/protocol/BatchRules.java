package io.aeon.protocol;

import org.apache.kafka.common.compress.Compression;
import org.jspecify.annotations.Nullable;

/**
 * What a topic asks of the batches that are written to it.
 *
 * @param topicPartition what the messages of errors name
 * @param maxBatchBytes bytes of a batch at most
 * @param maxRecordBytes bytes of one record at most, decompressed
 * @param logAppendTime whether records get the time of their arrival
 * @param beforeMaxMs how far before now a record's own timestamp may lie
 * @param afterMaxMs how far after now a record's own timestamp may lie
 * @param keysNeeded whether a record without a key is refused, as compaction needs
 * @param compression the codec batches are stored in, null for the one each came with
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
