package io.aeon.metadata.configs;

import io.aeon.config.KafkaSettings;
import io.aeon.metadata.ClusterImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.jspecify.annotations.Nullable;

/** The sources of a broker setting's value, in order of precedence, as DescribeConfigs reports them (KIP-226). */
final class ConfigSynonyms {
    private final String brokerId;
    private final Map<String, Object> given;

    ConfigSynonyms(int nodeId, Map<String, Object> given) {
        this.brokerId = Integer.toString(nodeId);
        this.given = given;
    }

    /** All sources of the broker setting {@code name}, highest precedence first. */
    List<DescribeConfigsSynonym> of(String name, ClusterImage image) {
        return of(name, image, null);
    }

    /** All sources of the broker setting that is the default of a topic setting, highest precedence first. */
    List<DescribeConfigsSynonym> ofTopicSetting(ConfigKey topicKey, ClusterImage image) {
        String name = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(topicKey.name);
        return name == null
                ? List.of()
                : of(name, image, ConfigDef.convertToString(topicKey.defaultValue, topicKey.type));
    }

    private List<DescribeConfigsSynonym> of(String name, ClusterImage image, @Nullable String defaultIfUnknown) {
        List<String> names = DynamicBrokerConfig.brokerConfigSynonyms(name, true);
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
        addAll(synonyms, names, image.brokerOverrides(brokerId), ConfigSource.DYNAMIC_BROKER_CONFIG);
        addAll(synonyms, names, image.brokerOverrides(""), ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        addAll(synonyms, names, given, ConfigSource.STATIC_BROKER_CONFIG);
        for (String each : names) {
            add(
                    synonyms,
                    each,
                    defaultOf(each, names.size() == 1 ? defaultIfUnknown : null),
                    ConfigSource.DEFAULT_CONFIG);
        }
        return startingAt(name, synonyms);
    }

    /**
     * Kafka omits the sources before the setting's own name. A setting given in another unit therefore has no sources.
     */
    private static List<DescribeConfigsSynonym> startingAt(String name, List<DescribeConfigsSynonym> synonyms) {
        return synonyms.stream()
                .dropWhile(synonym -> !synonym.name().equals(name))
                .toList();
    }

    private static @Nullable String defaultOf(String name, @Nullable String ifUnknown) {
        ConfigKey key = KafkaSettings.definition().configKeys().get(name);
        return key == null || !key.hasDefault() ? ifUnknown : ConfigDef.convertToString(key.defaultValue, key.type);
    }

    private static void addAll(
            List<DescribeConfigsSynonym> synonyms, List<String> names, Map<String, ?> values, ConfigSource source) {
        for (String name : names) {
            Object value = values.get(name);
            add(synonyms, name, value == null ? null : value.toString(), source);
        }
    }

    private static void add(
            List<DescribeConfigsSynonym> synonyms, String name, @Nullable String value, ConfigSource source) {
        if (value != null) {
            synonyms.add(
                    new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id()));
        }
    }
}
