package io.aeon.metadata.configs;

import io.aeon.config.KafkaSupport;
import io.aeon.config.KafkaSupport.Kind;
import io.aeon.logging.LimitedLines;
import io.aeon.logging.Printable;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.TopicConfigs;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.controller.ConfigurationValidator;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Validates settings of topics, groups and client metrics for the controller: Kafka must allow them and Aeon must
 * support them. The settings of a broker are validated by the node that receives the request, see
 * {@link BrokerChanges}.
 */
public final class ConfigRules implements ConfigurationValidator {
    private static final LimitedLines LINES =
            new LimitedLines(LoggerFactory.getLogger(ConfigRules.class), System::nanoTime);

    /** Groups with settings of their own; each takes about 1 KiB of heap. */
    static final int MOST_GROUPS = 10_000;

    /** A number may have any number of leading zeros. */
    private static final int LONGEST_VALUE = 1000;
    /** A list of throttled replicas has an entry for each replica of the topic, or for all of them. */
    private static final int LONGEST_LIST = 1 << 16;

    private final TopicConfigs configs;
    private final Supplier<? extends ClusterImage> image;

    public ConfigRules(TopicConfigs configs, Supplier<? extends ClusterImage> image) {
        this.configs = configs;
        this.image = image;
    }

    @Override
    public void validate(ConfigResource resource) {
        switch (resource.type()) {
            case TOPIC -> requireTopic(resource.name());
            case BROKER -> requireBroker(resource.name());
            case GROUP -> GroupConfigs.requireName(resource.name());
            case CLIENT_METRICS -> MetricsSubscriptions.requireName(resource.name());
            default -> throw new InvalidRequestException("Unknown resource type " + resource.type());
        }
    }

    @Override
    public void validate(ConfigResource resource, Map<String, String> settings, Map<String, String> existing) {
        validate(resource);
        boolean isNew = !settings.isEmpty() && existing.isEmpty();
        switch (resource.type()) {
            case TOPIC -> requireTopicSettings(settings, existing);
            case GROUP -> {
                requireRoom(isNew, image.get().configuredGroups(), MOST_GROUPS, "groups with settings of their own");
                GroupConfigs.validate(settings, configs.given());
            }
            case CLIENT_METRICS -> {
                MetricsSubscriptions.validate(resource.name(), settings);
                Set<String> names = image.get().metricsSubscriptions().keySet();
                requireRoom(isNew, names, MetricsSubscriptions.MOST, "subscriptions to client metrics");
            }
            default -> {}
        }
    }

    /** Any client can name groups and subscriptions. */
    private static void requireRoom(boolean isNew, Collection<String> present, int most, String what) {
        if (isNew && present.size() >= most) {
            throw new PolicyViolationException(
                    "There are " + most + " " + what + ", which is the limit; remove those of others.");
        }
    }

    private static void requireLength(String name, String value) {
        int longest = name.endsWith(".throttled.replicas") ? LONGEST_LIST : LONGEST_VALUE;
        if (value.length() > longest) {
            throw new InvalidConfigurationException(
                    "The value of " + name + " has " + value.length() + " characters, allowed are " + longest + ".");
        }
    }

    private void requireTopicSettings(Map<String, String> settings, Map<String, String> existing) {
        TreeSet<String> withoutValue = new TreeSet<>();
        settings.forEach((name, value) -> {
            if (value == null) {
                withoutValue.add(name);
            }
        });
        if (!withoutValue.isEmpty()) {
            throw new InvalidConfigurationException(
                    "Null value not supported for topic configs: " + String.join(",", withoutValue));
        }
        settings.forEach(ConfigRules::requireLength);
        LogConfig.validate(existing, settings, configs.effective(image.get(), Map.of()), false);
        settings.forEach(ConfigRules::requireSupport);
    }

    private static void requireSupport(String name, String value) {
        KafkaSupport support = KafkaSupport.ofTopic(name).orElseThrow();
        ConfigKey key = TopicConfigs.key(name);
        if (support.kind() == Kind.REFUSED
                && !Objects.equals(ConfigDef.parseType(name, value, key.type), key.defaultValue)) {
            throw new InvalidConfigurationException(
                    "Aeon does not honour " + name + "=" + value + ": " + support.reason() + ".");
        }
        if (support.kind() == Kind.WITHOUT_EFFECT) {
            LINES.add(
                    Level.INFO,
                    () -> "The topic setting " + name + " = " + Printable.of(value) + " is stored but has no effect: "
                            + support.reason());
        }
    }

    private static void requireTopic(String name) {
        if (name.isEmpty()) {
            throw new InvalidRequestException("Default topic resources are not allowed.");
        }
        Topic.validate(name);
    }

    private static void requireBroker(String name) {
        if (name.isEmpty()) {
            return;
        }
        try {
            if (Integer.parseInt(name) < 0) {
                throw new InvalidRequestException("Invalid negative broker ID.");
            }
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("Unable to parse broker name as a base 10 number.");
        }
    }
}
