package io.aeon.metadata;

import io.aeon.config.KafkaSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.metadata.KafkaConfigSchema;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * The settings a topic really has: its own, else the dynamic setting of this broker, else that of all brokers, else
 * what {@code aeon.kafka} gives, else Kafka's default. Thread-safe.
 */
public final class TopicConfigs {
    private static final ConfigDef TOPIC = LogConfig.configDefCopy();

    private final String brokerId;
    private final Map<String, Object> given;
    private final KafkaConfigSchema schema;

    /** @param settings the broker's, whose values topics take over where they have none of their own */
    public TopicConfigs(int nodeId, KafkaSettings settings) {
        this.brokerId = Integer.toString(nodeId);
        this.given = settings.originals();
        this.schema = new KafkaConfigSchema(
                Map.of(ConfigResource.Type.TOPIC, TOPIC, ConfigResource.Type.BROKER, KafkaSettings.definition()),
                ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS);
    }

    /** Every setting of {@code topic} by Kafka's topic setting names; also right for a topic that does not exist yet. */
    public Map<String, String> of(ClusterImage image, String topic) {
        return effective(image, image.topicOverrides(topic));
    }

    /** The settings that a topic created with {@code overrides} would have. */
    Map<String, String> effective(ClusterImage image, Map<String, String> overrides) {
        Map<String, ConfigEntry> entries = schema.resolveEffectiveTopicConfigs(
                given, image.brokerOverrides(""), image.brokerOverrides(brokerId), overrides);
        Map<String, String> values = new HashMap<>(entries.size() * 2);
        entries.forEach((name, entry) -> values.put(name, entry.value()));
        return values;
    }

    /** Kafka's definition of a topic setting. */
    static ConfigKey key(String name) {
        return Objects.requireNonNull(TOPIC.configKeys().get(name), name);
    }

    KafkaConfigSchema schema() {
        return schema;
    }

    /** Static broker settings that were given, by Kafka's broker setting names. */
    Map<String, Object> given() {
        return given;
    }
}
