package io.aeon.metadata.configs;

import io.aeon.config.KafkaSettings;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.TopicConfigs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.jspecify.annotations.Nullable;

/**
 * Describes the settings of topics, groups, client metrics and this broker, with the sources of their values.
 * Thread-safe.
 */
public final class ConfigDescriptions {
    private static final int MOST_TOPIC_SETTINGS = 40;
    private static final int MOST_GROUP_SETTINGS = 8;
    private static final int SUBSCRIPTION_SETTINGS = 3;
    /** Heap of a setting with its name, value and encoded form, and what synonyms and documentation add to it. */
    private static final int ENTRY = 200;

    private static final int SYNONYMS = 200;
    private static final int DOCUMENTATION = 400;

    private final int nodeId;
    private final KafkaSettings settings;
    private final TopicConfigs topicConfigs;
    private final ConfigSynonyms synonyms;

    public ConfigDescriptions(int nodeId, KafkaSettings settings, TopicConfigs topicConfigs) {
        this.nodeId = nodeId;
        this.settings = settings;
        this.topicConfigs = topicConfigs;
        this.synonyms = new ConfigSynonyms(nodeId, topicConfigs.given());
    }

    /** Describes one resource of a DescribeConfigs request. An invalid resource gives an error in the result. */
    public DescribeConfigsResult describe(
            DescribeConfigsResource resource, DescribeConfigsRequestData request, ClusterImage image) {
        DescribeConfigsResult result = new DescribeConfigsResult()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
        try {
            return result.setConfigs(entries(resource, image).stream()
                    .filter(entry -> isAskedFor(entry.name(), resource))
                    .map(entry -> trimmed(entry, request))
                    .toList());
        } catch (UnknownTopicOrPartitionException e) {
            return result.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        } catch (RuntimeException e) {
            ApiError error = ApiError.fromThrowable(e);
            return result.setErrorCode(error.error().code()).setErrorMessage(error.message());
        }
    }

    /** Upper bound for the heap that the description of a resource takes, also while it is encoded. */
    public long heapBytes(DescribeConfigsResource resource, DescribeConfigsRequestData request, ClusterImage image) {
        long entries = switch (ConfigResource.Type.forId(resource.resourceType())) {
            case TOPIC -> image.topic(resource.resourceName()).isEmpty() ? 0 : MOST_TOPIC_SETTINGS;
            case GROUP -> MOST_GROUP_SETTINGS;
            case CLIENT_METRICS -> SUBSCRIPTION_SETTINGS;
            case BROKER -> KafkaSettings.definition().configKeys().size();
            default -> 0;
        };
        return entries
                * (ENTRY
                        + (request.includeSynonyms() ? SYNONYMS : 0)
                        + (request.includeDocumentation() ? DOCUMENTATION : 0));
    }

    private List<DescribeConfigsResourceResult> entries(DescribeConfigsResource resource, ClusterImage image) {
        ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
        String name = resource.resourceName();
        return switch (type) {
            case TOPIC -> topic(name, image);
            case BROKER -> name.isEmpty() ? brokerDefaults(image) : broker(name, image);
            case GROUP -> group(name, image);
            case CLIENT_METRICS -> clientMetrics(name, image);
            default -> throw new InvalidRequestException("Unexpected resource type " + type + " for resource " + name);
        };
    }

    /** As in Kafka, a subscription that does not exist has the default settings. */
    private static List<DescribeConfigsResourceResult> clientMetrics(String name, ClusterImage image) {
        if (name.isEmpty()) {
            throw new InvalidRequestException("Client metrics subscription name must not be empty");
        }
        Map<String, String> given = image.metricsSubscriptions().getOrDefault(name, Map.of());
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        for (ConfigKey key : MetricsSubscriptions.settings()) {
            String own = given.get(key.name);
            String value = shown(key, own == null ? ConfigDef.convertToString(key.defaultValue, key.type) : own);
            List<DescribeConfigsSynonym> sources = own == null
                    ? List.of()
                    : List.of(new DescribeConfigsSynonym()
                            .setName(key.name)
                            .setValue(value)
                            .setSource(ConfigSource.CLIENT_METRICS_CONFIG.id()));
            entries.add(entry(key, value, sources, false));
        }
        return entries;
    }

    private List<DescribeConfigsResourceResult> group(String group, ClusterImage image) {
        if (group.isEmpty()) {
            throw new InvalidRequestException("Group name must not be empty");
        }
        Map<String, String> own = image.groupOverrides(group);
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        for (ConfigKey key : GroupConfigs.honoured()) {
            List<DescribeConfigsSynonym> sources = new ArrayList<>();
            if (own.containsKey(key.name)) {
                sources.add(new DescribeConfigsSynonym()
                        .setName(key.name)
                        .setValue(own.get(key.name))
                        .setSource(ConfigSource.GROUP_CONFIG.id()));
            }
            GroupConfigs.brokerSetting(key.name).ifPresent(name -> sources.addAll(synonyms.of(name, image)));
            String value = sources.isEmpty()
                    ? ConfigDef.convertToString(key.defaultValue, key.type)
                    : sources.get(0).value();
            entries.add(entry(key, shown(key, value), sources, false));
        }
        return entries;
    }

    private List<DescribeConfigsResourceResult> topic(String topic, ClusterImage image) {
        Topic.validate(topic);
        if (image.topic(topic).isEmpty()) {
            throw new UnknownTopicOrPartitionException();
        }
        Map<String, String> own = image.topicOverrides(topic);
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        topicConfigs.of(image, topic).forEach((name, value) -> {
            ConfigKey key = TopicConfigs.key(name);
            String shown = shown(key, value);
            List<DescribeConfigsSynonym> sources = new ArrayList<>();
            if (own.containsKey(name)) {
                sources.add(new DescribeConfigsSynonym()
                        .setName(name)
                        .setValue(shown)
                        .setSource(ConfigSource.TOPIC_CONFIG.id()));
            }
            sources.addAll(synonyms.ofTopicSetting(key, image));
            entries.add(entry(key, shown, sources, false));
        });
        return entries;
    }

    private List<DescribeConfigsResourceResult> broker(String name, ClusterImage image) {
        requireThisBroker(name);
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        new TreeMap<>(KafkaSettings.definition().configKeys()).forEach((setting, key) -> {
            if (key.internalConfig) {
                return;
            }
            List<DescribeConfigsSynonym> sources = synonyms.of(setting, image);
            boolean named = !sources.isEmpty() && sources.get(0).name().equals(setting);
            String value = named
                    ? sources.get(0).value()
                    : ConfigDef.convertToString(settings.values().get(setting), key.type);
            entries.add(entry(key, shown(key, value), sources, !BrokerConfigs.isDynamic(setting)));
        });
        BrokerConfigs.throttles().forEach((setting, key) -> {
            List<DescribeConfigsSynonym> sources = synonyms.of(setting, image);
            if (!sources.isEmpty()) {
                entries.add(entry(key, sources.get(0).value(), sources, false));
            }
        });
        return entries;
    }

    private List<DescribeConfigsResourceResult> brokerDefaults(ClusterImage image) {
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        new TreeMap<>(image.brokerOverrides("")).forEach((setting, value) -> {
            List<DescribeConfigsSynonym> sources = synonyms.of(setting, image).stream()
                    .filter(source -> source.source() == ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG.id())
                    .toList();
            BrokerConfigs.key(setting)
                    .ifPresent(key ->
                            entries.add(entry(key, shown(key, value), sources, !BrokerConfigs.isDynamic(setting))));
        });
        return entries;
    }

    private void requireThisBroker(String name) {
        try {
            if (Integer.parseInt(name) != nodeId) {
                throw new InvalidRequestException(
                        "Unexpected broker id, expected " + nodeId + " or empty string, but received " + name);
            }
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("Broker id must be an integer, but it is: " + name);
        }
    }

    private static DescribeConfigsResourceResult entry(
            ConfigKey key, @Nullable String value, List<DescribeConfigsSynonym> sources, boolean readOnly) {
        byte source = sources.isEmpty()
                ? ConfigSource.DEFAULT_CONFIG.id()
                : sources.get(0).source();
        boolean sensitive = key.type == ConfigDef.Type.PASSWORD;
        if (sensitive) {
            sources.forEach(each -> each.setValue(null));
        }
        return new DescribeConfigsResourceResult()
                .setName(key.name)
                .setValue(sensitive ? null : value)
                .setIsSensitive(sensitive)
                .setReadOnly(readOnly)
                .setConfigSource(source)
                .setSynonyms(sources)
                .setConfigType(ConfigType.valueOf(key.type.name()).id())
                .setDocumentation(key.documentation);
    }

    private static @Nullable String shown(ConfigKey key, @Nullable String value) {
        Object parsed = ConfigDef.parseType(key.name, value, key.type);
        boolean isSet = key.validator instanceof ConfigDef.ValidList && parsed instanceof List;
        return ConfigDef.convertToString(
                isSet ? ((List<?>) parsed).stream().distinct().toList() : parsed, key.type);
    }

    private static boolean isAskedFor(String setting, DescribeConfigsResource resource) {
        List<String> asked = resource.configurationKeys();
        return asked == null || asked.isEmpty() || asked.contains(setting);
    }

    private static DescribeConfigsResourceResult trimmed(
            DescribeConfigsResourceResult entry, DescribeConfigsRequestData request) {
        if (!request.includeSynonyms()) {
            entry.setSynonyms(List.of());
        }
        return request.includeDocumentation() ? entry : entry.setDocumentation(null);
    }
}
