package io.aeon.metadata;

import io.aeon.config.KafkaSettings;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;

/** Which broker settings can be changed while it runs: those that only stand behind topics' own. */
final class BrokerConfigs {
    private static final Set<String> DYNAMIC = dynamic();

    private BrokerConfigs() {}

    static boolean isDynamic(String setting) {
        return DYNAMIC.contains(setting);
    }

    /** Refuses settings that need a restart, that are not Aeon's, or whose values are wrong. */
    static void validate(Map<String, String> settings) {
        Set<String> fixed = new TreeSet<>(settings.keySet());
        fixed.removeIf(BrokerConfigs::isDynamic);
        if (!fixed.isEmpty()) {
            throw new InvalidRequestException("Cannot update these configs dynamically: " + fixed);
        }
        settings.forEach(BrokerConfigs::validate);
    }

    private static void validate(String setting, String value) {
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

    private static Set<String> dynamic() {
        Set<String> dynamic = new TreeSet<>(ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.values());
        dynamic.retainAll(KafkaSettings.definition().names());
        return dynamic;
    }
}
