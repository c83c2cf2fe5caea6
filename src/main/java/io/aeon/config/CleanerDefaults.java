package io.aeon.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Kafka's broker settings on compaction: its bounds, and what holds where a topic says nothing. */
final class CleanerDefaults {
    private CleanerDefaults() {}

    static ConfigDef addTo(ConfigDef definition) {
        return addTopicDefaults(addBounds(definition));
    }

    private static ConfigDef addBounds(ConfigDef definition) {
        return definition
                .define(
                        "log.cleaner.threads",
                        Type.INT,
                        1,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Partitions that are compacted at the same time.")
                .define(
                        "log.cleaner.dedupe.buffer.size",
                        Type.LONG,
                        128L << 20,
                        Range.atLeast(1 << 20),
                        Importance.MEDIUM,
                        "Bytes for the latest offsets of keys, 24 a key, in all passes of compaction together.")
                .define(
                        "log.cleaner.io.buffer.size",
                        Type.INT,
                        512 << 10,
                        Range.atLeast(1 << 10),
                        Importance.MEDIUM,
                        "Bytes that compaction reads and writes at once, in all passes together.")
                .define(
                        "log.cleaner.io.buffer.load.factor",
                        Type.DOUBLE,
                        0.9,
                        Range.between(0.1, 0.95),
                        Importance.MEDIUM,
                        "Part of log.cleaner.dedupe.buffer.size that may be in use; a fuller one is slower.")
                .define(
                        "log.cleaner.backoff.ms",
                        Type.LONG,
                        15_000L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Milliseconds before a partition that could not be compacted is tried again; doubled each time.");
    }

    private static ConfigDef addTopicDefaults(ConfigDef definition) {
        return definition
                .define(
                        "log.cleaner.min.cleanable.ratio",
                        Type.DOUBLE,
                        0.5,
                        Range.between(0, 1),
                        Importance.MEDIUM,
                        "Part of a log that must be dirty before it is compacted.")
                .define(
                        "log.cleaner.delete.retention.ms",
                        Type.LONG,
                        86_400_000L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Milliseconds a tombstone stays after the compaction that first met it.")
                .define(
                        "log.cleaner.min.compaction.lag.ms",
                        Type.LONG,
                        0L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Milliseconds that a record stays as it is at least.")
                .define(
                        "log.cleaner.max.compaction.lag.ms",
                        Type.LONG,
                        Long.MAX_VALUE,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Milliseconds after which a record is due for compaction, however clean its log is.");
    }
}
