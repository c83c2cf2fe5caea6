package io.aeon.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Kafka's broker settings that stand behind a topic's own: they hold where the topic says nothing. */
final class TopicDefaults {
    private TopicDefaults() {}

    static ConfigDef addTo(ConfigDef definition) {
        return addWrites(addTimestamps(addRetention(addRolls(addSegments(definition)))));
    }

    private static ConfigDef addSegments(ConfigDef definition) {
        return definition
                .define(
                        "log.segment.bytes",
                        Type.INT,
                        1 << 30,
                        Range.atLeast(1 << 20),
                        Importance.HIGH,
                        "Bytes after which a log begins a new segment.")
                .define(
                        "log.index.size.max.bytes",
                        Type.INT,
                        10 << 20,
                        Range.atLeast(4),
                        Importance.MEDIUM,
                        "Bytes an offset index may grow to before its log begins a new segment.")
                .define(
                        "log.index.interval.bytes",
                        Type.INT,
                        4096,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Bytes of log between two entries of its index.");
    }

    private static ConfigDef addRolls(ConfigDef definition) {
        return definition
                .define(
                        "log.roll.ms",
                        Type.LONG,
                        null,
                        Importance.HIGH,
                        "Milliseconds after which a log begins a new segment; empty for log.roll.hours.")
                .define(
                        "log.roll.hours",
                        Type.INT,
                        168,
                        Range.atLeast(1),
                        Importance.HIGH,
                        "Hours after which a log begins a new segment.")
                .define(
                        "log.roll.jitter.ms",
                        Type.LONG,
                        null,
                        Importance.HIGH,
                        "Milliseconds at most that a segment is rolled earlier; empty for log.roll.jitter.hours.")
                .define(
                        "log.roll.jitter.hours",
                        Type.INT,
                        0,
                        Range.atLeast(0),
                        Importance.HIGH,
                        "Hours at most that a segment is rolled earlier, so that not all logs roll at once.");
    }

    private static ConfigDef addRetention(ConfigDef definition) {
        return definition
                .define(
                        "log.retention.ms",
                        Type.LONG,
                        null,
                        Importance.HIGH,
                        "Milliseconds a record is kept at least, -1 for ever; empty for log.retention.minutes.")
                .define(
                        "log.retention.minutes",
                        Type.INT,
                        null,
                        Importance.HIGH,
                        "Minutes a record is kept at least; empty for log.retention.hours.")
                .define("log.retention.hours", Type.INT, 168, Importance.HIGH, "Hours a record is kept at least.")
                .define(
                        "log.retention.bytes",
                        Type.LONG,
                        -1L,
                        Importance.HIGH,
                        "Bytes a partition may hold before its oldest segments go, -1 for no bound.")
                .define(
                        "log.cleanup.policy",
                        Type.LIST,
                        "delete",
                        ConfigDef.ValidList.in("compact", "delete"),
                        Importance.MEDIUM,
                        "What becomes of old segments: delete, compact, or both.")
                .define(
                        "log.segment.delete.delay.ms",
                        Type.LONG,
                        60_000L,
                        Range.atLeast(0),
                        Importance.HIGH,
                        "Milliseconds between a segment's removal from its log and from the disk.");
    }

    private static ConfigDef addTimestamps(ConfigDef definition) {
        return definition
                .define(
                        "log.message.timestamp.type",
                        Type.STRING,
                        "CreateTime",
                        ConfigDef.ValidString.in("CreateTime", "LogAppendTime"),
                        Importance.MEDIUM,
                        "Whose clock a record's timestamp is of: CreateTime the producer's, LogAppendTime the broker's.")
                .define(
                        "log.message.timestamp.before.max.ms",
                        Type.LONG,
                        Long.MAX_VALUE,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Milliseconds a record's timestamp may lie before the broker's time.")
                .define(
                        "log.message.timestamp.after.max.ms",
                        Type.LONG,
                        3_600_000L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Milliseconds a record's timestamp may lie after the broker's time.");
    }

    private static ConfigDef addWrites(ConfigDef definition) {
        return definition
                .define(
                        "message.max.bytes",
                        Type.INT,
                        1_048_588,
                        Range.atLeast(0),
                        Importance.HIGH,
                        "Bytes of the largest batch of records, compressed, that is accepted.")
                .define(
                        "min.insync.replicas",
                        Type.INT,
                        1,
                        Range.atLeast(1),
                        Importance.HIGH,
                        "Replicas in sync that a write with acks=all needs.");
    }
}
