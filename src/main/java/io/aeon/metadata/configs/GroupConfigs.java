package io.aeon.metadata.configs;

import io.aeon.config.KafkaSettings;
import io.aeon.config.KafkaSupport;
import io.aeon.config.KafkaSupport.Kind;
import io.aeon.logging.LimitedLines;
import io.aeon.logging.Printable;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Kafka's settings of single groups: which are honoured here, and which values they may have. */
final class GroupConfigs {
    private static final LimitedLines LINES =
            new LimitedLines(LoggerFactory.getLogger(GroupConfigs.class), System::nanoTime);
    /** The values are words and numbers; a number may have any number of leading zeros. */
    private static final int LONGEST_VALUE = 100;

    private static final int LONGEST_NAME = 1000;

    private GroupConfigs() {}

    /** @throws InvalidRequestException a group must have a name, and one with settings no very long one */
    static void requireName(String group) {
        if (group.isEmpty()) {
            throw new InvalidRequestException("Default group resources are not allowed.");
        }
        if (group.length() > LONGEST_NAME) {
            throw new InvalidRequestException("The name of the group has " + group.length()
                    + " characters, allowed with settings of its own are " + LONGEST_NAME + ".");
        }
    }

    /**
     * @param given the broker settings that the user gave: they hold the bounds
     * @throws InvalidConfigurationException Kafka does not know or allow a setting, or this broker does not honour it
     */
    static void validate(Map<String, String> settings, Map<String, Object> given) {
        settings.forEach((name, value) -> {
            ConfigKey key = GroupConfig.CONFIG_DEF.configKeys().get(name);
            if (key == null) {
                throw new InvalidConfigurationException("Unknown group config name: " + name);
            }
            Object parsed = parsed(key, value);
            KafkaSupport support = KafkaSupport.ofGroup(name);
            if (support.kind() == Kind.REFUSED && !Objects.equals(parsed, key.defaultValue)) {
                throw new InvalidConfigurationException(
                        "Aeon does not honour " + name + "=" + value + ": " + support.reason() + ".");
            }
            if (support.kind() == Kind.WITHOUT_EFFECT) {
                LINES.add(
                        Level.INFO,
                        () -> "The group setting " + name + " = " + Printable.of(value)
                                + " is stored but has no effect: " + support.reason());
            }
        });
        requireBounds(settings, given);
    }

    private static void requireBounds(Map<String, String> settings, Map<String, Object> given) {
        AbstractConfig broker = new AbstractConfig(KafkaSettings.definition(), given, false);
        GroupConfig.validate(settings, new GroupCoordinatorConfig(broker), new ShareGroupConfig(broker));
    }

    private static Object parsed(ConfigKey key, String value) {
        if (value.length() > LONGEST_VALUE) {
            throw new InvalidConfigurationException("The value of " + key.name + " has " + value.length()
                    + " characters, allowed are " + LONGEST_VALUE);
        }
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return parsed;
        } catch (ConfigException e) {
            throw new InvalidConfigurationException(e.getMessage());
        }
    }

    /** The settings that a group of this broker can have, in alphabetical order. */
    static Collection<ConfigKey> honoured() {
        Map<String, ConfigKey> keys = new TreeMap<>(GroupConfig.CONFIG_DEF.configKeys());
        keys.keySet()
                .removeIf(name -> GroupConfig.isInternal(name)
                        || KafkaSupport.ofGroup(name).kind() == Kind.REFUSED);
        return keys.values();
    }

    /** The broker setting that is the default of a group's setting. */
    static Optional<String> brokerSetting(String name) {
        return GroupConfig.brokerSynonym(name);
    }
}
