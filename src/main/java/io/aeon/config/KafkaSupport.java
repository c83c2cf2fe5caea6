package io.aeon.config;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The effect of each of Kafka's settings of brokers, topics and groups in Aeon, with a reason. It is the only such
 * list: the start, a change at run time and the test over Kafka's definitions use it.
 *
 * @param kind how a given value is handled
 * @param reason the reason, for the user who sets the value
 */
public record KafkaSupport(Kind kind, String reason) {
    /** How a given value is handled. */
    public enum Kind {
        /** The setting has Kafka's effect. */
        HONOURED,
        /** The value is moved to Aeon's own setting with the same meaning. */
        MOVED,
        /** The setting has no meaning in Aeon: it is accepted, and a log line states this. */
        WITHOUT_EFFECT,
        /** Only Kafka's default is accepted: Aeon does not have the effect of any other value. */
        REFUSED
    }

    private static final KafkaSupport OF_OTHER_GROUPS =
            new KafkaSupport(Kind.REFUSED, "share groups and streams groups are not supported yet");

    private static final Map<String, KafkaSupport> EXACT = new HashMap<>();
    private static final Map<String, KafkaSupport> FAMILIES = new HashMap<>();
    private static final Map<String, KafkaSupport> TOPICS = new HashMap<>();
    private static final Map<String, KafkaSupport> GROUPS = new HashMap<>();

    static {
        ofTopics();
        ofGroups();
        honoured();
        moved();
        withoutEffectOnOneNode();
        withoutEffectByDesign();
        refused();
    }

    /** The effect of a broker setting; empty if neither Kafka's broker nor its listeners have this name. */
    public static Optional<KafkaSupport> of(String setting) {
        KafkaSupport exact = EXACT.get(setting);
        return exact != null
                ? Optional.of(exact)
                : FAMILIES.entrySet().stream()
                        .filter(family -> setting.startsWith(family.getKey()))
                        .max(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue);
    }

    /** The effect of a topic setting; empty if Kafka has no topic setting of this name. */
    public static Optional<KafkaSupport> ofTopic(String setting) {
        return Optional.ofNullable(TOPICS.get(setting));
    }

    /** The effect of a setting of groups. */
    public static KafkaSupport ofGroup(String setting) {
        return GROUPS.getOrDefault(setting, OF_OTHER_GROUPS);
    }

    /** All names and name prefixes of broker settings in this list. */
    static Stream<String> listed() {
        return Stream.concat(EXACT.keySet().stream(), FAMILIES.keySet().stream());
    }

    private static void ofTopics() {
        add(TOPICS, Kind.HONOURED, "as in Kafka", """
                cleanup.policy compression.gzip.level compression.lz4.level compression.type compression.zstd.level
                delete.retention.ms file.delete.delay.ms index.interval.bytes max.compaction.lag.ms
                max.decompressed.message.bytes max.message.bytes message.timestamp.after.max.ms
                message.timestamp.before.max.ms message.timestamp.type min.cleanable.dirty.ratio min.compaction.lag.ms
                min.insync.replicas retention.bytes retention.ms segment.bytes segment.index.bytes segment.jitter.ms
                segment.ms
                """);
        add(
                TOPICS,
                Kind.WITHOUT_EFFECT,
                "aeon.log.flush decides when records are forced to the disk",
                "flush.messages flush.ms");
        add(
                TOPICS,
                Kind.WITHOUT_EFFECT,
                "what goes between brokers is not limited, placed or balanced by settings yet",
                """
                follower.replication.throttled.replicas leader.replication.throttled.replicas
                unclean.leader.election.enable
                """);
        add(TOPICS, Kind.REFUSED, "tiered storage is not supported yet", """
                local.retention.bytes local.retention.ms remote.copy.lag.bytes remote.copy.lag.ms
                remote.log.copy.disable remote.log.delete.on.disable remote.storage.enable
                """);
        add(TOPICS, Kind.REFUSED, "segments are not preallocated", "preallocate");
        add(TOPICS, Kind.REFUSED, "the setting is only for Kafka's own tests", "internal.segment.bytes");
        add(TOPICS, Kind.REFUSED, "share groups are not supported yet", "errors.deadletterqueue.group.enable");
    }

    private static void ofGroups() {
        add(
                GROUPS,
                Kind.HONOURED,
                "as in Kafka",
                "consumer.assignment.interval.ms consumer.heartbeat.interval.ms consumer.session.timeout.ms");
        add(
                GROUPS,
                Kind.WITHOUT_EFFECT,
                "assignors run in the coordinator of their group, as in Kafka 4.4 whatever the value",
                "consumer.assignor.offload.enable");
    }

    private static void honoured() {
        add(Kind.HONOURED, "as in Kafka", """
                add.partitions.to.txn.retry.backoff.max.ms add.partitions.to.txn.retry.backoff.ms
                auto.create.topics.enable broker.heartbeat.interval.ms broker.session.timeout.ms
                compression.gzip.level compression.lz4.level compression.type compression.zstd.level
                connections.max.idle.ms controller.quorum.election.backoff.max.ms
                controller.quorum.election.timeout.ms controller.quorum.fetch.timeout.ms
                controller.quorum.request.timeout.ms controller.quorum.retry.backoff.ms controller.quota.window.num
                controller.quota.window.size.seconds default.replication.factor delete.topic.enable
                fetch.max.bytes group.consumer.assignment.interval.ms group.consumer.assignors
                group.consumer.heartbeat.interval.ms group.consumer.max.assignment.interval.ms
                group.consumer.max.heartbeat.interval.ms group.consumer.max.session.timeout.ms group.consumer.max.size
                group.consumer.migration.policy group.consumer.min.assignment.interval.ms
                group.consumer.min.heartbeat.interval.ms group.consumer.min.session.timeout.ms
                group.consumer.regex.refresh.interval.ms group.consumer.session.timeout.ms
                group.initial.rebalance.delay.ms group.max.session.timeout.ms group.max.size
                group.min.session.timeout.ms log.cleaner.backoff.ms log.cleaner.dedupe.buffer.size
                log.cleaner.delete.retention.ms log.cleaner.io.buffer.load.factor log.cleaner.io.buffer.size
                log.cleaner.max.compaction.lag.ms log.cleaner.min.cleanable.ratio log.cleaner.min.compaction.lag.ms
                log.cleaner.threads log.cleanup.policy log.index.interval.bytes log.index.size.max.bytes
                log.message.timestamp.after.max.ms log.message.timestamp.before.max.ms log.message.timestamp.type
                log.retention.bytes log.retention.check.interval.ms log.retention.hours log.retention.minutes
                log.retention.ms log.roll.hours log.roll.jitter.hours log.roll.jitter.ms log.roll.ms log.segment.bytes
                log.segment.delete.delay.ms max.connections max.connections.per.ip max.connections.per.ip.overrides
                max.decompressed.message.bytes max.incremental.fetch.session.cache.slots message.max.bytes min.insync.replicas num.partitions
                offset.metadata.max.bytes offsets.retention.check.interval.ms offsets.retention.minutes
                offsets.topic.num.partitions offsets.topic.replication.factor offsets.topic.segment.bytes
                producer.id.expiration.check.interval.ms
                producer.id.expiration.ms quota.window.num quota.window.size.seconds replica.fetch.backoff.ms
                replica.fetch.max.bytes replica.fetch.min.bytes replica.fetch.response.max.bytes replica.fetch.wait.max.ms
                replica.high.watermark.checkpoint.interval.ms replica.lag.time.max.ms replica.socket.timeout.ms
                request.timeout.ms socket.request.max.bytes telemetry.max.bytes
                transaction.abort.timed.out.transaction.cleanup.interval.ms transaction.max.timeout.ms
                transaction.remove.expired.transaction.cleanup.interval.ms transaction.state.log.min.isr
                transaction.state.log.num.partitions transaction.state.log.replication.factor
                transaction.state.log.segment.bytes transactional.id.expiration.ms
                """);
    }

    private static void moved() {
        add(Kind.MOVED, "use aeon.node-id", "broker.id node.id");
        add(Kind.MOVED, "use aeon.data-dir and aeon.further-data-dirs", "log.dir log.dirs metadata.log.dir");
        add(
                Kind.MOVED,
                "use aeon.listeners",
                "advertised.listeners controller.listener.names listener.security.protocol.map listeners");
        add(
                Kind.MOVED,
                "the only node is broker and controller",
                "controller.quorum.bootstrap.servers controller.quorum.voters process.roles");
    }

    private static void withoutEffectOnOneNode() {
        add(Kind.WITHOUT_EFFECT, "what goes between brokers is not limited, placed or balanced by settings yet", """
                auto.leader.rebalance.enable
                broker.rack controlled.shutdown.enable
                controller.performance.* controller.quorum.* controller.socket.timeout.ms
                early.start.listeners follower.fetch.last.tiered.offset.enable initial.broker.registration.timeout.ms
                inter.broker.listener.name leader.imbalance.check.interval.seconds num.replica.fetchers replica.*
                replication.quota.*
                socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms
                unclean.leader.election.*
                """);
        add(
                Kind.WITHOUT_EFFECT,
                "share groups and streams groups are not supported yet",
                "errors.deadletterqueue.* group.share.* group.streams.* share.*");
        add(
                Kind.WITHOUT_EFFECT,
                "assignors run in the coordinator of their group, as in Kafka 4.4 whatever the value",
                "group.consumer.assignor.offload.enable");
        add(
                Kind.WITHOUT_EFFECT,
                "the classic and the consumer protocol are always available",
                "group.coordinator.rebalance.protocols");
        add(Kind.WITHOUT_EFFECT, "tiered storage is not supported yet", "log.local.retention.* log.remote.* remote.*");
        add(Kind.WITHOUT_EFFECT, "authentication is not supported yet", """
                connection.failed.authentication.delay.ms connections.max.reauth.ms delegation.token.expiry.*
                delegation.token.max.lifetime.ms
                """);
    }

    private static void withoutEffectByDesign() {
        add(Kind.WITHOUT_EFFECT, "the number of cores and aeon.blocking-threads set the number of threads", """
                background.threads group.coordinator.background.threads group.coordinator.threads num.io.threads
                num.network.threads num.recovery.threads.per.data.dir
                """);
        add(Kind.WITHOUT_EFFECT, "aeon.log.flush decides when records are forced to the disk", "log.flush.*");
        add(
                Kind.WITHOUT_EFFECT,
                "aeon.network.bytes-in-flight limits the pending requests",
                "queued.max.request.bytes queued.max.requests");
        add(
                Kind.WITHOUT_EFFECT,
                "the operating system sets the size of socket buffers, and the backlog is 1024",
                "socket.listen.backlog.size socket.receive.buffer.bytes socket.send.buffer.bytes");
        add(Kind.WITHOUT_EFFECT, "Aeon stores waiting requests in a different way", """
                delete.records.purgatory.purge.interval.requests fetch.purgatory.purge.interval.requests
                producer.purgatory.purge.interval.requests
                """);
        add(Kind.WITHOUT_EFFECT, "Aeon's coordinators write and load their state in a different way", """
                group.coordinator.append.linger.ms group.coordinator.cached.buffer.max.bytes offsets.commit.timeout.ms
                offsets.load.buffer.size offsets.topic.compression.codec transaction.state.log.load.buffer.size
                """);
        add(
                Kind.WITHOUT_EFFECT,
                "Aeon has its own rules for the metadata log",
                "internal.metadata.* metadata.log.* metadata.max.*");
        add(
                Kind.WITHOUT_EFFECT,
                "as many partitions are copied at once as there are data directories, without a quota",
                "alter.log.dirs.replication.quota.* num.replica.alter.log.dirs.threads");
        add(Kind.WITHOUT_EFFECT, "only log.cleaner.threads limits compaction", "log.cleaner.io.max.bytes.per.second");
        add(Kind.WITHOUT_EFFECT, "transactions are always verified", "transaction.partition.verification.enable");
        add(Kind.WITHOUT_EFFECT, "Aeon does not use Kafka's metrics", "metrics.*");
        add(Kind.WITHOUT_EFFECT, "Aeon chooses the value itself", """
                kafka.metrics.polling.interval.secs log.dir.failure.timeout.ms log.initial.task.delay.ms
                max.request.partition.size.limit server.max.startup.time.ms
                """);
    }

    private static void refused() {
        add(Kind.REFUSED, "TLS, SASL and ACLs are not supported yet", """
                allow.everyone.if.no.acl.found authorizer.class.name delegation.token.secret.key listener.name.*
                principal.builder.class sasl.* security.inter.broker.protocol security.providers ssl.* super.users
                """);
        add(Kind.REFUSED, "Aeon does not load Kafka plug-ins", """
                alter.config.policy.class.name client.quota.callback.class config.providers
                create.topic.policy.class.name group.streams.topology.description.plugin.class kafka.metrics.reporters
                metric.reporters replica.selector.class
                """);
        add(Kind.REFUSED, "tiered storage is not supported yet", """
                remote.log.metadata.manager.class.name remote.log.storage.manager.class.name
                remote.log.storage.system.enable
                """);
        add(
                Kind.REFUSED,
                "connections are limited by max.connections and max.connections.per.ip, not by their rate",
                "max.connection.creation.rate");
        add(
                Kind.REFUSED,
                "compaction cannot be switched off; remove compact from cleanup.policy instead",
                "log.cleaner.enable");
        add(Kind.REFUSED, "segments are not preallocated", "log.preallocate");
        add(Kind.REFUSED, "data directories cannot be cordoned yet", "cordoned.log.dirs");
        add(Kind.REFUSED, "two-phase commit (KIP-939) is not supported yet", "transaction.two.phase.commit.enable");
        add(
                Kind.REFUSED,
                "only released APIs and features are supported",
                "unstable.api.versions.enable unstable.feature.versions.enable");
    }

    /** @param names names of broker settings, and name prefixes that end in a star */
    private static void add(Kind kind, String reason, String names) {
        List<String> each = words(names);
        add(
                EXACT,
                kind,
                reason,
                String.join(
                        " ", each.stream().filter(name -> !name.endsWith("*")).toList()));
        add(
                FAMILIES,
                kind,
                reason,
                String.join(
                        " ",
                        each.stream()
                                .filter(name -> name.endsWith("*"))
                                .map(name -> name.substring(0, name.length() - 1))
                                .toList()));
    }

    private static void add(Map<String, KafkaSupport> settings, Kind kind, String reason, String names) {
        words(names).forEach(name -> {
            if (settings.put(name, new KafkaSupport(kind, reason)) != null) {
                throw new IllegalStateException(name + " is listed twice");
            }
        });
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
