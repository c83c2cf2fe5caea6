package io.aeon.metadata;

import io.aeon.config.KafkaSettings;
import io.aeon.config.KafkaSupport;
import io.aeon.config.KafkaSupport.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;

/**
 * Which broker settings can be changed at run time. Of Kafka's dynamic settings these are the ones that are defaults
 * for topics, and the ones that have no effect in Aeon. Aeon reads all other settings once, at its start.
 */
final class BrokerConfigs {
    private static final Set<String> BEHIND_TOPICS =
            Set.copyOf(ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.values());
    private static final Set<String> DYNAMIC = DynamicBrokerConfig.ALL_DYNAMIC_CONFIGS.stream()
            .filter(BrokerConfigs::canChange)
            .collect(Collectors.toUnmodifiableSet());

    private BrokerConfigs() {}

    static boolean isDynamic(String setting) {
        return DYNAMIC.contains(setting);
    }

    /**
     * Checks that all settings exist, can be changed at run time, and have valid values.
     *
     * @throws InvalidRequestException a setting or a value is refused
     */
    static void requireDynamic(Map<String, String> settings) {
        Set<String> fixed = new TreeSet<>(settings.keySet());
        fixed.removeIf(BrokerConfigs::isDynamic);
        if (!fixed.isEmpty()) {
            throw new InvalidRequestException("Cannot update these configs dynamically: " + fixed);
        }
        settings.forEach(BrokerConfigs::requireValid);
    }

    /** Stricter than at the broker's start: a list with a duplicate value is refused. */
    private static void requireValid(String setting, String value) {
        ConfigKey key =
                Objects.requireNonNull(KafkaSettings.definition().configKeys().get(setting), setting);
        try {
            Object parsed = ConfigDef.parseType(setting, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(setting, parsed);
            }
        } catch (ConfigException e) {
            throw new InvalidRequestException(e.getMessage());
        }
    }

    /**
     * Checks that a broker would start with the settings {@code given} and {@code changes} together.
     *
     * @throws InvalidRequestException the broker would not start
     */
    static void validate(Map<String, ?> given, Map<String, String> changes) {
        Map<String, Object> all = new HashMap<>(given);
        all.putAll(changes);
        try {
            new KafkaSettings(all);
        } catch (ConfigException e) {
            throw new InvalidRequestException(e.getMessage());
        }
    }

    private static boolean canChange(String setting) {
        Kind kind = KafkaSupport.of(setting).map(KafkaSupport::kind).orElse(Kind.REFUSED);
        return kind == Kind.WITHOUT_EFFECT || (kind == Kind.HONOURED && BEHIND_TOPICS.contains(setting));
    }
}
