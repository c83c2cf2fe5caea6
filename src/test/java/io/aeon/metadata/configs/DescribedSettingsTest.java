package io.aeon.metadata.configs;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.config.KafkaSettings;
import io.aeon.config.KafkaSupport;
import io.aeon.config.KafkaSupport.Kind;
import io.aeon.config.OtherValue;
import io.aeon.metadata.TopicConfigs;
import io.aeon.metadata.image.KRaftImage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.image.MetadataImage;
import org.junit.jupiter.api.Test;

/** DescribeConfigs shows what the user gave, setting by setting, and no password. */
class DescribedSettingsTest {
    @Test
    void everyGivenSettingIsShownWithItsSource() {
        List<String> names = KafkaSettings.definition().configKeys().values().stream()
                .filter(key -> !key.internalConfig)
                .map(key -> key.name)
                .filter(name -> KafkaSupport.of(name).orElseThrow().kind() != Kind.REFUSED)
                .sorted()
                .toList();

        assertThat(names).hasSizeGreaterThan(250).allSatisfy(name -> {
            String value = OtherValue.ofBroker(name);
            DescribeConfigsResourceResult shown = describe(name, value);
            assertThat(shown.value()).isEqualTo(value);
            assertThat(ConfigSource.forId(shown.configSource())).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
        });
    }

    @Test
    void anyNegativeRetentionIsUnlimitedForTopics() {
        TopicConfigs configs = new TopicConfigs(1, new KafkaSettings(Map.of("log.retention.ms", "-5")));

        assertThat(configs.of(new KRaftImage("cluster", MetadataImage.EMPTY), "topic"))
                .containsEntry("retention.ms", "-1");
        assertThat(describe("log.retention.ms", "-5").value()).isEqualTo("-5");
    }

    @Test
    void noPasswordIsShown() {
        List<String> names = KafkaSettings.definition().configKeys().values().stream()
                .filter(key -> key.type == Type.PASSWORD)
                .map(key -> key.name)
                .toList();

        assertThat(names).hasSize(10).allSatisfy(name -> {
            DescribeConfigsResourceResult shown = describe(name, "hush-hush");
            assertThat(shown.isSensitive()).isTrue();
            assertThat(shown.toString()).doesNotContain("hush-hush");
        });
    }

    private static DescribeConfigsResourceResult describe(String name, String value) {
        KafkaSettings settings = new KafkaSettings(Map.of(name, value));
        ConfigDescriptions descriptions = new ConfigDescriptions(1, settings, new TopicConfigs(1, settings));
        DescribeConfigsResource broker = new DescribeConfigsResource()
                .setResourceType(ConfigResource.Type.BROKER.id())
                .setResourceName("1")
                .setConfigurationKeys(List.of(name));
        DescribeConfigsRequestData request =
                new DescribeConfigsRequestData().setIncludeSynonyms(true).setResources(List.of(broker));
        return descriptions
                .describe(broker, request, new KRaftImage("cluster", MetadataImage.EMPTY))
                .configs()
                .get(0);
    }
}
