package io.aeon.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * All broker settings of Kafka with its names, definitions and defaults. {@link KafkaSupport} states their effect in
 * Aeon.
 */
public final class KafkaSettings extends AbstractConfig {
    /** Longest time that a setting can ask for. Akka's timers refuse more than 248 days. */
    static final Duration LONGEST = Duration.ofDays(200);

    /** Settings that Kafka requires. */
    private static final Map<String, String> ROLES = Map.of(
            "node.id", "1",
            "process.roles", "broker,controller",
            "controller.listener.names", "CONTROLLER");

    private static final Map<String, String> ASSIGNORS = Map.of(
            "org.apache.kafka.coordinator.group.assignor.UniformAssignor", "uniform",
            "org.apache.kafka.coordinator.group.assignor.RangeAssignor", "range");

    /**
     * @param values values by Kafka's names; unknown names are kept separately
     * @throws org.apache.kafka.common.config.ConfigException a value is not valid in Kafka, or values contradict each
     *     other; the message is Kafka's
     */
    public KafkaSettings(Map<String, ?> values) {
        super(definition(), completed(values), false);
        KafkaBounds.check(this);
    }

    /**
     * Checks that a running broker with the settings {@code before} may go on with these.
     *
     * @throws org.apache.kafka.common.config.ConfigException Kafka allows no such step; the message is Kafka's
     */
    public void checkStepFrom(KafkaSettings before) {
        try {
            KafkaBounds.checkStep(before, this);
        } catch (ConfigException e) {
            throw new ConfigException("Invalid dynamic configuration", e);
        }
    }

    /** Whether consumers are sent to replicas in their own rack (KIP-392). */
    public boolean readsByRack() {
        return KafkaBounds.BY_RACK.equals(getString("replica.selector.class"));
    }

    /**
     * A time, at most 200 days. Kafka allows millions of years, which no timer can wait.
     *
     * @param unit in which Kafka counts it; a negative number is no limit
     */
    public Duration getDuration(String name, TimeUnit unit) {
        long given = getLong(name);
        return given < 0 || given > unit.convert(LONGEST) ? LONGEST : Duration.of(given, unit.toChronoUnit());
    }

    /** A time that Kafka counts in milliseconds, at most 200 days. */
    public Duration getDuration(String name) {
        return getDuration(name, TimeUnit.MILLISECONDS);
    }

    /** A rate that can be set only while the broker runs, in bytes per second; the largest number if it is not set. */
    public long rate(String name) {
        Object value = originals().get(name);
        return value == null ? Long.MAX_VALUE : Long.parseLong(value.toString());
    }

    /** The name of a server-side assignor that group.consumer.assignors gives by its name or its class. */
    public static String assignorName(String nameOrClass) {
        return ASSIGNORS.getOrDefault(nameOrClass, nameOrClass);
    }

    private static Map<String, Object> completed(Map<String, ?> values) {
        Map<String, Object> complete = new HashMap<>(ROLES);
        complete.putAll(values);
        return complete;
    }

    /** Kafka's own definition of its broker settings. */
    public static ConfigDef definition() {
        return KafkaDefinitions.BROKER;
    }
}
