package io.aeon.broker.topic;

import io.aeon.storage.compaction.CompactionConfig;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.segment.SegmentConfig;
import java.util.List;
import java.util.Map;

/**
 * The effective settings of a topic for the data path, with Kafka's names and meanings.
 *
 * @param log settings of the partitions' logs
 * @param maxMessageBytes maximum bytes of a batch
 * @param maxRecordBytes maximum bytes of one record after decompression
 * @param minInsyncReplicas number of in-sync replicas that must hold a record before acks=all is answered
 * @param compressionType name of a codec, {@code uncompressed}, or {@code producer} to keep the codec of each batch
 * @param compressionLevel level of that codec, if it has levels
 * @param logAppendTime whether records get the timestamp of their append
 * @param timestampBeforeMaxMs maximum milliseconds that a record's own timestamp may lie in the past
 * @param timestampAfterMaxMs maximum milliseconds that a record's own timestamp may lie in the future
 * @param compacted whether cleanup.policy contains compact, so that records need keys
 */
public record TopicSettings(
        LogConfig log,
        int maxMessageBytes,
        int maxRecordBytes,
        int minInsyncReplicas,
        String compressionType,
        int compressionLevel,
        boolean logAppendTime,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        boolean compacted) {

    /** @param effective every setting of the topic by Kafka's topic setting names */
    static TopicSettings of(Map<String, String> effective) {
        Values values = new Values(effective);
        List<String> policies = List.of(values.text("cleanup.policy").split("\\s*,\\s*", -1));
        String compression = values.text("compression.type");
        CompactionConfig compaction = new CompactionConfig(
                policies.contains("compact"),
                values.decimal("min.cleanable.dirty.ratio"),
                values.number("min.compaction.lag.ms"),
                values.number("max.compaction.lag.ms"),
                values.number("delete.retention.ms"));
        SegmentConfig segments = new SegmentConfig(
                values.integer("segment.bytes"),
                compaction.rollMs(values.number("segment.ms")),
                values.number("segment.jitter.ms"),
                values.integer("index.interval.bytes"),
                values.integer("segment.index.bytes"),
                values.number("file.delete.delay.ms"));
        LogConfig log = new LogConfig(
                segments,
                values.number("retention.ms"),
                values.number("retention.bytes"),
                policies.contains("delete"),
                values.number("message.timestamp.after.max.ms"),
                compaction);
        return new TopicSettings(
                log,
                values.integer("max.message.bytes"),
                values.integer("max.decompressed.message.bytes"),
                values.integer("min.insync.replicas"),
                compression,
                compression.matches("gzip|lz4|zstd") ? values.integer("compression." + compression + ".level") : 0,
                values.text("message.timestamp.type").equals("LogAppendTime"),
                values.number("message.timestamp.before.max.ms"),
                values.number("message.timestamp.after.max.ms"),
                compaction.enabled());
    }

    /** Whether DeleteRecords and retention may remove records. */
    public boolean deletes() {
        return log.deletes();
    }

    private record Values(Map<String, String> byName) {
        String text(String name) {
            String value = byName.get(name);
            if (value == null) {
                throw new IllegalArgumentException("the topic has no setting " + name);
            }
            return value.trim();
        }

        long number(String name) {
            return Long.parseLong(text(name));
        }

        double decimal(String name) {
            return Double.parseDouble(text(name));
        }

        int integer(String name) {
            return Integer.parseInt(text(name));
        }
    }
}
