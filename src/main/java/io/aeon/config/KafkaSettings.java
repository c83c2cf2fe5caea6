package io.aeon.config;

import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/** The broker settings that Aeon honours under Kafka's own names, with Kafka's defaults. */
public final class KafkaSettings extends AbstractConfig {
    private static final ConfigDef DEFINITION = CleanerDefaults.addTo(
                    ConnectionDefaults.addTo(TopicDefaults.addTo(new ConfigDef())))
            .define(
                    "num.partitions",
                    Type.INT,
                    1,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Partitions of a topic that is created without a number.")
            .define(
                    "auto.create.topics.enable",
                    Type.BOOLEAN,
                    true,
                    Importance.HIGH,
                    "Create a topic when a client asks for one that does not exist.")
            .define(
                    "group.initial.rebalance.delay.ms",
                    Type.INT,
                    3000,
                    Importance.MEDIUM,
                    "Milliseconds an empty group waits for more members before its first rebalance.")
            .define(
                    "group.min.session.timeout.ms",
                    Type.INT,
                    6000,
                    Importance.MEDIUM,
                    "Smallest session timeout a member may ask for, in milliseconds.")
            .define(
                    "group.max.session.timeout.ms",
                    Type.INT,
                    1_800_000,
                    Importance.MEDIUM,
                    "Largest session timeout a member may ask for, in milliseconds.")
            .define(
                    "group.max.size",
                    Type.INT,
                    Integer.MAX_VALUE,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Members a group may have.")
            .define(
                    "offsets.topic.num.partitions",
                    Type.INT,
                    50,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Partitions of the offsets topic when it is created; must not change afterwards.")
            .define(
                    "offsets.topic.segment.bytes",
                    Type.INT,
                    100 << 20,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Bytes after which a log of the offsets topic begins a new segment.")
            .define(
                    "offset.metadata.max.bytes",
                    Type.INT,
                    4096,
                    Importance.HIGH,
                    "Longest note that a client may commit with an offset.")
            .define(
                    "offsets.retention.minutes",
                    Type.INT,
                    10080,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Minutes that offsets of a group without members are kept.")
            .define(
                    "offsets.retention.check.interval.ms",
                    Type.LONG,
                    600_000L,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Milliseconds between two checks for offsets past their retention.")
            .define(
                    "transaction.state.log.num.partitions",
                    Type.INT,
                    50,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Partitions of the transaction topic when it is created; must not change afterwards.")
            .define(
                    "transaction.state.log.segment.bytes",
                    Type.INT,
                    100 << 20,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Bytes after which a log of the transaction topic begins a new segment.")
            .define(
                    "transaction.max.timeout.ms",
                    Type.INT,
                    900_000,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Longest timeout of a transaction that a producer may ask for, in milliseconds.")
            .define(
                    "transactional.id.expiration.ms",
                    Type.INT,
                    604_800_000,
                    Range.atLeast(1),
                    Importance.HIGH,
                    "Milliseconds after which a transactional id that nobody uses is forgotten.")
            .define(
                    "transaction.abort.timed.out.transaction.cleanup.interval.ms",
                    Type.INT,
                    10_000,
                    Range.atLeast(1),
                    Importance.LOW,
                    "Milliseconds between two looks for transactions that have lasted longer than their timeout.")
            .define(
                    "transaction.remove.expired.transaction.cleanup.interval.ms",
                    Type.INT,
                    3_600_000,
                    Range.atLeast(1),
                    Importance.LOW,
                    "Milliseconds between two looks for transactional ids that nobody uses.")
            .define(
                    "log.retention.check.interval.ms",
                    Type.LONG,
                    300_000L,
                    Range.atLeast(1),
                    Importance.MEDIUM,
                    "Milliseconds between two checks of what retention allows to remove.")
            .define(
                    "producer.id.expiration.ms",
                    Type.INT,
                    86_400_000,
                    Range.atLeast(1),
                    Importance.LOW,
                    "Milliseconds a partition remembers a producer after its last record, even if that record is removed.")
            .define(
                    "producer.id.expiration.check.interval.ms",
                    Type.INT,
                    600_000,
                    Range.atLeast(1),
                    Importance.LOW,
                    "Milliseconds between two checks for producers to forget.")
            .define(
                    "fetch.max.bytes",
                    Type.INT,
                    55 << 20,
                    Range.atLeast(1024),
                    Importance.MEDIUM,
                    "Bytes of records in one fetch response, unless its first batch alone is larger.")
            .define(
                    "max.incremental.fetch.session.cache.slots",
                    Type.INT,
                    1000,
                    Range.atLeast(0),
                    Importance.MEDIUM,
                    "Incremental fetch sessions that are remembered at once.");

    /** @param values given values by Kafka's names; every name must be one that {@link #definition} knows */
    public KafkaSettings(Map<String, String> values) {
        super(DEFINITION, values, false);
    }

    public static ConfigDef definition() {
        return DEFINITION;
    }
}
