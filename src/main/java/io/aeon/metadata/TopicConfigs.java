package io.aeon.metadata;

import io.aeon.config.KafkaSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.metadata.KafkaConfigSchema;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * The effective settings of a topic: its own settings, else this broker's dynamic settings, else the cluster-wide
 * dynamic settings, else those in {@code aeon.kafka}, else Kafka's defaults. Thread-safe.
 */
public final class TopicConfigs {
    private static final ConfigDef TOPIC = LogConfig.configDefCopy();
    /** What any negative retention of the broker is for its topics, as in Kafka. */
    private static final String UNLIMITED = "-1";

    private final String brokerId;
    private final Map<String, Object> given;
    private final KafkaConfigSchema schema;

    /** @param settings the broker's settings, which are the defaults for settings that a topic does not set */
    public TopicConfigs(int nodeId, KafkaSettings settings) {
        this.brokerId = Integer.toString(nodeId);
        this.given = settings.originals();
        this.schema = new KafkaConfigSchema(
                Map.of(ConfigResource.Type.TOPIC, TOPIC, ConfigResource.Type.BROKER, KafkaSettings.definition()),
                ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS);
    }

    /**
     * Every setting of {@code topic} by Kafka's topic setting names; also valid for a topic that does not exist yet.
     */
    public Map<String, String> of(ClusterImage image, String topic) {
        return effective(image, image.topicOverrides(topic));
    }

    /** The effective settings of a topic with the own settings {@code overrides}. */
    public Map<String, String> effective(ClusterImage image, Map<String, String> overrides) {
        Map<String, ConfigEntry> entries = schema.resolveEffectiveTopicConfigs(
                given, image.brokerOverrides(""), image.brokerOverrides(brokerId), overrides);
        Map<String, String> values = new HashMap<>(entries.size() * 2);
        entries.forEach((name, entry) -> values.put(name, entry.value()));
        values.computeIfPresent(
                TopicConfig.RETENTION_MS_CONFIG, (name, value) -> value.startsWith("-") ? UNLIMITED : value);
        return values;
    }

    /** Kafka's definition of a topic setting. */
    public static ConfigKey key(String name) {
        return Objects.requireNonNull(TOPIC.configKeys().get(name), name);
    }

    public KafkaConfigSchema schema() {
        return schema;
    }

    /** The static broker settings that the operator gave, by Kafka's broker setting names. */
    public Map<String, Object> given() {
        return given;
    }
}
