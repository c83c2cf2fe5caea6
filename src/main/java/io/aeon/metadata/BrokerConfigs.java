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
 * Which broker settings can be changed while it runs: of those that Kafka lets be changed, the ones that stand behind
 * topics' own and the ones without effect. Aeon reads the others once, at its start.
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

    /** Refuses settings that need a restart or that are none, and values that are wrong by themselves. */
    static void requireDynamic(Map<String, String> settings) {
        Set<String> fixed = new TreeSet<>(settings.keySet());
        fixed.removeIf(BrokerConfigs::isDynamic);
        if (!fixed.isEmpty()) {
            throw new InvalidRequestException("Cannot update these configs dynamically: " + fixed);
        }
        settings.forEach(BrokerConfigs::requireValid);
    }

    /** Stricter than the broker's start: a list that names a value twice is refused. */
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

    /** Refuses values that a broker with them all would not start with. */
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
