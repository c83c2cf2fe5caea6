package io.aeon.config;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Limits that are not part of Kafka's definitions: those that Kafka's broker checks at its start and at a change while
 * it runs, and a few of Aeon.
 */
final class KafkaBounds {
    /** Kafka changes these numbers of threads, at run time, by a factor of two at most. */
    private static final List<String> THREADS = List.of(
            "num.io.threads",
            "num.replica.fetchers",
            "num.recovery.threads.per.data.dir",
            "background.threads",
            "num.network.threads");

    /** Sends consumers to replicas in their own rack. */
    static final String BY_RACK = "org.apache.kafka.common.replica.RackAwareReplicaSelector";
    /** Sends all consumers to leaders, as without a selector. */
    private static final String TO_LEADERS = "org.apache.kafka.common.replica.LeaderSelector";

    private final KafkaSettings settings;

    private KafkaBounds(KafkaSettings settings) {
        this.settings = settings;
    }

    /** @throws ConfigException a value is out of its limits; the message is Kafka's where Kafka has the same check */
    static void check(KafkaSettings settings) {
        KafkaBounds bounds = new KafkaBounds(settings);
        bounds.checkTimes();
        bounds.checkCleaner();
        bounds.checkConnections();
        bounds.checkConsumerGroups();
        bounds.checkReplicaSelector();
    }

    /**
     * Checks a change at run time, from one valid state to another.
     *
     * @throws ConfigException the step is larger than Kafka allows; the message is Kafka's
     */
    static void checkStep(KafkaSettings before, KafkaSettings after) {
        for (String name : THREADS) {
            int from = before.getInt(name);
            int to = after.getInt(name);
            String failed = "Dynamic thread count update validation failed for " + name + "=" + to + ", value should ";
            require(to >= from / 2, failed + "be at least half the current value " + from);
            require(to <= from * 2, failed + "not be greater than double the current value " + from);
        }
        int from = before.getInt("log.cleaner.threads");
        int to = after.getInt("log.cleaner.threads");
        require(to >= from / 2, "Log cleaner threads cannot be reduced to less than half the current value " + from);
        require(
                to <= from * 2,
                "Log cleaner threads cannot be increased to more than double the current value " + from);
    }

    private void checkTimes() {
        long rollMs = firstOf(settings.getLong("log.roll.ms"), hours("log.roll.hours"));
        require(rollMs >= 1, "log.roll.ms must be greater than or equal to 1");
        long jitterMs = firstOf(settings.getLong("log.roll.jitter.ms"), hours("log.roll.jitter.hours"));
        require(jitterMs >= 0, "log.roll.jitter.ms must be greater than or equal to 0");
        Integer minutes = settings.getInt("log.retention.minutes");
        Long minutesMs = minutes == null ? null : TimeUnit.MINUTES.toMillis(minutes);
        long retentionMs =
                firstOf(settings.getLong("log.retention.ms"), firstOf(minutesMs, hours("log.retention.hours")));
        require(
                settings.getLong("replica.high.watermark.checkpoint.interval.ms") >= 1,
                "replica.high.watermark.checkpoint.interval.ms must be at least 1");
        require(settings.getLong("replica.lag.time.max.ms") >= 1, "replica.lag.time.max.ms must be at least 1");
        require(
                settings.getLong("leader.imbalance.check.interval.seconds") >= 1,
                "leader.imbalance.check.interval.seconds must be at least 1");
        require(retentionMs != 0, "log.retention.ms must be unlimited (-1) or, greater than or equal to 1");
    }

    private void checkCleaner() {
        int threads = settings.getInt("log.cleaner.threads");
        require(threads >= 1, "log.cleaner.threads must be greater than or equal to 1");
        require(
                settings.getLong("log.cleaner.dedupe.buffer.size") / threads > 1 << 20,
                "log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.");
        require(
                settings.getInt("log.cleaner.io.buffer.size") / threads >= 1 << 10,
                "log.cleaner.io.buffer.size must be at least 1KB per cleaner thread.");
        double load = settings.getDouble("log.cleaner.io.buffer.load.factor");
        require(load >= 0.1 && load <= 0.95, "log.cleaner.io.buffer.load.factor must be between 0.1 and 0.95");
    }

    private void checkConnections() {
        boolean some = !AddressLimits.of(settings).isEmpty();
        require(
                settings.getInt("max.connections.per.ip") > 0 || some,
                "max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.");
        require(settings.getLong("connections.max.idle.ms") != 0, "connections.max.idle.ms must not be 0");
    }

    private void checkReplicaSelector() {
        String selector = settings.getString("replica.selector.class");
        require(
                selector == null || Set.of(BY_RACK, TO_LEADERS).contains(selector),
                "replica.selector.class names " + selector + ", and there are only " + BY_RACK + " and " + TO_LEADERS);
    }

    private void checkConsumerGroups() {
        List<String> assignors = settings.getList("group.consumer.assignors");
        require(!assignors.isEmpty(), "group.consumer.assignors must name at least one assignor");
        for (String assignor : assignors) {
            require(
                    Set.of("uniform", "range").contains(KafkaSettings.assignorName(assignor)),
                    "group.consumer.assignors names " + assignor + ", and there are only uniform and range");
        }
        checkConsumerGroups("session.timeout.ms");
        checkConsumerGroups("heartbeat.interval.ms");
        checkConsumerGroups("assignment.interval.ms");
        require(
                settings.getInt("group.consumer.heartbeat.interval.ms")
                        < settings.getInt("group.consumer.session.timeout.ms"),
                "group.consumer.heartbeat.interval.ms must be less than group.consumer.session.timeout.ms");
    }

    private void checkConsumerGroups(String name) {
        int value = settings.getInt("group.consumer." + name);
        int min = settings.getInt("group.consumer.min." + name);
        int max = settings.getInt("group.consumer.max." + name);
        require(
                max >= min,
                "group.consumer.max." + name + " must be greater than or equal to group.consumer.min." + name);
        require(
                value >= min,
                "group.consumer." + name + " must be greater than or equal to group.consumer.min." + name);
        require(value <= max, "group.consumer." + name + " must be less than or equal to group.consumer.max." + name);
    }

    private long hours(String name) {
        return TimeUnit.HOURS.toMillis(settings.getInt(name));
    }

    private static long firstOf(@Nullable Long stronger, long weaker) {
        return stronger == null ? weaker : stronger;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ConfigException(otherwise);
        }
    }
}
