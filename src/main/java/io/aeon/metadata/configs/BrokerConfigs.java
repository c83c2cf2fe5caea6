package io.aeon.metadata.configs;

import io.aeon.config.KafkaSettings;
import io.aeon.config.KafkaSupport;
import io.aeon.config.KafkaSupport.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.config.QuotaConfig;

/**
 * Which broker settings can be changed at run time (KIP-226): Kafka's dynamic settings, but for those that Aeon refuses
 * or has under a name of its own.
 */
final class BrokerConfigs {
    private static final Set<String> DYNAMIC = DynamicBrokerConfig.ALL_DYNAMIC_CONFIGS.stream()
            .filter(BrokerConfigs::canChange)
            .collect(Collectors.toUnmodifiableSet());
    private static final KafkaSupport OF_THROTTLES = new KafkaSupport(Kind.HONOURED, "as in Kafka");

    private BrokerConfigs() {}

    static boolean isDynamic(String setting) {
        return DYNAMIC.contains(setting) || throttles().containsKey(setting);
    }

    /**
     * The rates that kafka-reassign-partitions sets. They can only be set at run time, and a broker has none by
     * default.
     */
    static Map<String, ConfigKey> throttles() {
        return QuotaConfig.brokerQuotaConfigs().configKeys();
    }

    /** Kafka's definition of a broker setting; empty if it has no such setting. */
    static Optional<ConfigKey> key(String setting) {
        return Optional.ofNullable(KafkaSettings.definition().configKeys().get(setting))
                .or(() -> Optional.ofNullable(throttles().get(setting)));
    }

    /** The effect of a broker setting that can be changed at run time. */
    static Optional<KafkaSupport> support(String setting) {
        return throttles().containsKey(setting) ? Optional.of(OF_THROTTLES) : KafkaSupport.of(setting);
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
        try {
            check(setting, value);
        } catch (ConfigException e) {
            throw new InvalidRequestException(e.getMessage());
        }
    }

    /** Whether {@code value} alone is valid for the dynamic setting. */
    static boolean isValid(String setting, String value) {
        try {
            check(setting, value);
            return true;
        } catch (ConfigException e) {
            return false;
        }
    }

    private static void check(String setting, String value) {
        ConfigKey key = key(setting).orElseThrow();
        Object parsed = ConfigDef.parseType(setting, value, key.type);
        if (key.validator != null) {
            key.validator.ensureValid(setting, parsed);
        }
    }

    /**
     * The settings that count with these dynamic ones: those of the broker, else the cluster-wide ones, else the given
     * ones. A setting replaces its other names, such as {@code log.retention.hours} for {@code log.retention.ms}.
     *
     * @throws ConfigException the settings contradict each other
     */
    static KafkaSettings together(Map<String, ?> given, Map<String, String> clusterWide, Map<String, String> ofBroker) {
        Map<String, Object> all = new HashMap<>(given);
        for (Map<String, String> layer : List.of(clusterWide, ofBroker)) {
            layer.keySet()
                    .forEach(name -> all.keySet().removeAll(DynamicBrokerConfig.brokerConfigSynonyms(name, false)));
            all.putAll(layer);
        }
        return new KafkaSettings(all);
    }

    private static boolean canChange(String setting) {
        Kind kind = KafkaSupport.of(setting).map(KafkaSupport::kind).orElse(Kind.REFUSED);
        return kind == Kind.WITHOUT_EFFECT || kind == Kind.HONOURED;
    }
}
