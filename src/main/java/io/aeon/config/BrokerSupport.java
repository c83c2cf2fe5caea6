package io.aeon.config;

import io.aeon.config.KafkaSupport.Kind;

/** The effect of Kafka's settings of brokers. */
final class BrokerSupport {
    static final SupportTable SETTINGS = new SupportTable();

    static {
        honoured();
        honouredBetweenBrokers();
        honouredWithAnotherDefault();
        moved();
        withoutEffectYet();
        withoutEffectByDesign();
        refused();
    }

    private BrokerSupport() {}

    /** @see SupportTable#add */
    private static void add(Kind kind, String reason, String names) {
        SETTINGS.add(kind, reason, names);
    }

    private static void honoured() {
        add(Kind.HONOURED, "as in Kafka", """
                auto.create.topics.enable compression.gzip.level compression.lz4.level compression.type
                compression.zstd.level connections.max.idle.ms controller.quota.window.num
                controller.quota.window.size.seconds delete.topic.enable fetch.max.bytes
                group.consumer.assignment.interval.ms group.consumer.assignors group.consumer.heartbeat.interval.ms
                group.consumer.max.assignment.interval.ms group.consumer.max.heartbeat.interval.ms
                group.consumer.max.session.timeout.ms group.consumer.max.size group.consumer.migration.policy
                group.consumer.min.assignment.interval.ms group.consumer.min.heartbeat.interval.ms
                group.consumer.min.session.timeout.ms group.consumer.regex.refresh.interval.ms
                group.consumer.session.timeout.ms group.initial.rebalance.delay.ms group.max.session.timeout.ms
                group.max.size group.min.session.timeout.ms log.cleaner.backoff.ms log.cleaner.dedupe.buffer.size
                log.cleaner.delete.retention.ms log.cleaner.io.buffer.load.factor log.cleaner.io.buffer.size
                log.cleaner.max.compaction.lag.ms log.cleaner.min.cleanable.ratio log.cleaner.min.compaction.lag.ms
                log.cleaner.threads log.cleanup.policy log.index.interval.bytes log.index.size.max.bytes
                log.message.timestamp.after.max.ms log.message.timestamp.before.max.ms log.message.timestamp.type
                log.retention.bytes log.retention.check.interval.ms log.retention.hours log.retention.minutes
                log.retention.ms log.roll.hours log.roll.jitter.hours log.roll.jitter.ms log.roll.ms log.segment.bytes
                log.segment.delete.delay.ms max.connections max.connections.per.ip max.connections.per.ip.overrides
                max.decompressed.message.bytes max.incremental.fetch.session.cache.slots message.max.bytes
                min.insync.replicas num.partitions offset.metadata.max.bytes offsets.commit.timeout.ms
                offsets.retention.check.interval.ms offsets.retention.minutes offsets.topic.num.partitions
                offsets.topic.replication.factor offsets.topic.segment.bytes
                producer.id.expiration.check.interval.ms producer.id.expiration.ms quota.window.num
                quota.window.size.seconds socket.request.max.bytes telemetry.max.bytes
                transaction.abort.timed.out.transaction.cleanup.interval.ms transaction.max.timeout.ms
                transaction.remove.expired.transaction.cleanup.interval.ms transaction.state.log.min.isr
                transaction.state.log.num.partitions transaction.state.log.replication.factor
                transaction.state.log.segment.bytes transactional.id.expiration.ms
                """);
    }

    private static void honouredBetweenBrokers() {
        add(Kind.HONOURED, "as in Kafka", """
                add.partitions.to.txn.retry.backoff.max.ms add.partitions.to.txn.retry.backoff.ms
                alter.log.dirs.replication.quota.window.num alter.log.dirs.replication.quota.window.size.seconds
                auto.leader.rebalance.enable broker.heartbeat.interval.ms broker.session.timeout.ms
                controller.quorum.election.backoff.max.ms controller.quorum.election.timeout.ms
                controller.quorum.fetch.timeout.ms controller.quorum.request.timeout.ms
                controller.quorum.retry.backoff.ms default.replication.factor
                initial.broker.registration.timeout.ms inter.broker.listener.name
                leader.imbalance.check.interval.seconds
                replica.fetch.backoff.ms replica.fetch.max.bytes replica.fetch.min.bytes
                replica.fetch.response.max.bytes replica.fetch.wait.max.ms
                replica.high.watermark.checkpoint.interval.ms replica.lag.time.max.ms replica.selector.class
                replica.socket.timeout.ms replication.quota.window.num replication.quota.window.size.seconds
                request.timeout.ms unclean.leader.election.enable unclean.leader.election.interval.ms
                """);
    }

    private static void honouredWithAnotherDefault() {
        add(
                Kind.HONOURED,
                "a controller becomes a voter by itself unless the setting is false",
                "controller.quorum.auto.join.enable");
    }

    private static void moved() {
        add(Kind.MOVED, "use aeon.node-id", "broker.id node.id");
        add(Kind.MOVED, "use aeon.rack", "broker.rack");
        add(Kind.MOVED, "use aeon.data-dir and aeon.further-data-dirs", "log.dir log.dirs metadata.log.dir");
        add(
                Kind.MOVED,
                "use aeon.listeners",
                "advertised.listeners controller.listener.names listener.security.protocol.map listeners");
        add(Kind.MOVED, "use aeon.roles", "process.roles");
        add(Kind.MOVED, "use aeon.join", "controller.quorum.bootstrap.servers controller.quorum.voters");
    }

    private static void withoutEffectYet() {
        add(Kind.WITHOUT_EFFECT, "Aeon has its own rules for what its nodes send to each other", """
                controlled.shutdown.enable controller.performance.* controller.quorum.*
                controller.socket.timeout.ms early.start.listeners follower.fetch.last.tiered.offset.enable
                num.replica.fetchers replica.*
                socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms
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
                "the operating system sets the size of socket buffers, and the backlog is 4096",
                "socket.listen.backlog.size socket.receive.buffer.bytes socket.send.buffer.bytes");
        add(Kind.WITHOUT_EFFECT, "Aeon stores waiting requests in a different way", """
                delete.records.purgatory.purge.interval.requests fetch.purgatory.purge.interval.requests
                producer.purgatory.purge.interval.requests
                """);
        add(Kind.WITHOUT_EFFECT, "Aeon's coordinators write and load their state in a different way", """
                group.coordinator.append.linger.ms group.coordinator.cached.buffer.max.bytes
                offsets.load.buffer.size offsets.topic.compression.codec transaction.state.log.load.buffer.size
                """);
        add(
                Kind.WITHOUT_EFFECT,
                "Aeon has its own rules for the metadata log",
                "internal.metadata.* metadata.log.* metadata.max.*");
        add(
                Kind.WITHOUT_EFFECT,
                "as many partitions are copied at once as there are data directories",
                "num.replica.alter.log.dirs.threads");
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
                metric.reporters
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
}
