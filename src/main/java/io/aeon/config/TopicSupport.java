package io.aeon.config;

import io.aeon.config.KafkaSupport.Kind;

/** The effect of Kafka's settings of topics and groups. */
final class TopicSupport {
    static final SupportTable TOPICS = new SupportTable();
    static final SupportTable GROUPS = new SupportTable();
    static final KafkaSupport OF_OTHER_GROUPS =
            new KafkaSupport(Kind.REFUSED, "share groups and streams groups are not supported yet");

    static {
        ofTopics();
        ofGroups();
    }

    private TopicSupport() {}

    private static void ofTopics() {
        TOPICS.add(Kind.HONOURED, "as in Kafka", """
                cleanup.policy compression.gzip.level compression.lz4.level compression.type compression.zstd.level
                delete.retention.ms file.delete.delay.ms follower.replication.throttled.replicas index.interval.bytes
                leader.replication.throttled.replicas max.compaction.lag.ms
                max.decompressed.message.bytes max.message.bytes message.timestamp.after.max.ms
                message.timestamp.before.max.ms message.timestamp.type min.cleanable.dirty.ratio min.compaction.lag.ms
                min.insync.replicas retention.bytes retention.ms segment.bytes segment.index.bytes segment.jitter.ms
                segment.ms unclean.leader.election.enable
                """);
        TOPICS.add(
                Kind.WITHOUT_EFFECT,
                "aeon.log.flush decides when records are forced to the disk",
                "flush.messages flush.ms");
        TOPICS.add(Kind.REFUSED, "tiered storage is not supported yet", """
                local.retention.bytes local.retention.ms remote.copy.lag.bytes remote.copy.lag.ms
                remote.log.copy.disable remote.log.delete.on.disable remote.storage.enable
                """);
        TOPICS.add(Kind.REFUSED, "segments are not preallocated", "preallocate");
        TOPICS.add(Kind.REFUSED, "the setting is only for Kafka's own tests", "internal.segment.bytes");
        TOPICS.add(Kind.REFUSED, "share groups are not supported yet", "errors.deadletterqueue.group.enable");
    }

    private static void ofGroups() {
        GROUPS.add(
                Kind.HONOURED,
                "as in Kafka",
                "consumer.assignment.interval.ms consumer.heartbeat.interval.ms consumer.session.timeout.ms");
        GROUPS.add(
                Kind.WITHOUT_EFFECT,
                "assignors run in the coordinator of their group, as in Kafka 4.4 whatever the value",
                "consumer.assignor.offload.enable");
    }
}
