package io.aeon.metadata.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.config.KafkaSettings;
import io.aeon.config.KafkaSupport;
import io.aeon.config.KafkaSupport.Kind;
import io.aeon.metadata.ClusterImage;
import java.lang.reflect.Proxy;
import java.util.AbstractMap.SimpleEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.junit.jupiter.api.Test;

class DynamicSettingsTest {
    private final Map<String, Map<String, String>> stored = new HashMap<>();
    private final DynamicSettings settings =
            new DynamicSettings(1, new KafkaSettings(Map.of("max.connections", "100", "log.retention.ms", "1000")));

    @Test
    void theBrokersOwnSettingsComeBeforeTheClusterWideOnes() {
        store("", Map.of("max.connections", "50", "log.cleaner.threads", "2"));
        store("1", Map.of("max.connections", "20"));
        store("2", Map.of("max.connections", "5"));

        assertThat(settings.current().getInt("max.connections")).isEqualTo(20);
        assertThat(settings.current().getInt("log.cleaner.threads")).isEqualTo(2);

        store("1", Map.of());
        assertThat(settings.current().getInt("max.connections")).isEqualTo(50);
        store("", Map.of());
        assertThat(settings.current().getInt("max.connections")).isEqualTo(100);
        assertThat(settings.current().getInt("log.cleaner.threads")).isEqualTo(1);
    }

    @Test
    void withoutAChangeTheSettingsAreTheSameObject() {
        store("", Map.of("max.connections", "50"));
        KafkaSettings before = settings.current();

        settings.apply(image());

        assertThat(settings.current()).isSameAs(before);
    }

    @Test
    void whatCannotCountHereIsIgnoredAndTheRestCounts() {
        store(
                "1",
                Map.of(
                        "max.connections", "20",
                        "log.cleaner.threads", "many",
                        "listener.name.internal.ssl.keystore.location", "/keys",
                        "node.id", "7"));

        assertThat(settings.current().getInt("max.connections")).isEqualTo(20);
        assertThat(settings.current().getInt("log.cleaner.threads")).isEqualTo(1);
        assertThat(settings.current().getInt("node.id")).isEqualTo(1);
    }

    @Test
    void settingsThatContradictEachOtherLeaveTheOnesBefore() {
        store("", Map.of("max.connections", "50"));
        store("1", Map.of("log.cleaner.io.buffer.size", "1"));

        assertThat(settings.current().getInt("max.connections")).isEqualTo(50);
        assertThat(settings.current().getInt("log.cleaner.io.buffer.size")).isEqualTo(524288);
    }

    @Test
    void aChangeIsValidatedTogetherWithWhatTheOtherResourceHas() {
        store("1", Map.of("log.cleaner.threads", "2"));

        settings.check("", set("log.cleaner.dedupe.buffer.size", "3000000"));
        assertThatThrownBy(() -> settings.check("", set("log.cleaner.dedupe.buffer.size", "2000000")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.");
        settings.check("1", set("log.cleaner.threads", "4"));
        assertThatThrownBy(() -> settings.check("1", set("log.cleaner.threads", "5")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("more than double the current value 2");
    }

    @Test
    void aChangeIsValidatedTogetherWithWhatTheResourceKeeps() {
        store("1", Map.of("log.cleaner.threads", "2", "max.connections", "many"));

        settings.check("1", set("log.retention.ms", "2000"));
        assertThatThrownBy(() -> settings.check("1", set("log.cleaner.dedupe.buffer.size", "2000000")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.");
    }

    @Test
    void aBrokerDoesNotJudgeTheSettingsOfAnother() {
        assertThatThrownBy(() -> settings.check("2", set("log.cleaner.threads", "2")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Unexpected broker id, expected 1, but received 2");
    }

    @Test
    void operationsOnListsBeginWithTheDefault() {
        Map<String, String> stored = Map.of("max.connections", "5", "log.cleaner.threads", "2");
        Map<String, Map.Entry<OpType, String>> operations = Map.of(
                "log.cleanup.policy", Map.entry(OpType.APPEND, "compact,delete"),
                "max.connections", Map.entry(OpType.APPEND, "6"),
                "log.cleaner.threads", new SimpleEntry<>(OpType.DELETE, null));

        assertThat(Operations.applied(stored, operations))
                .containsOnly(Map.entry("log.cleanup.policy", "delete,compact"), Map.entry("max.connections", "5"));
        assertThat(Operations.applied(
                        Map.of("log.cleanup.policy", "delete,compact"),
                        Map.of("log.cleanup.policy", Map.entry(OpType.SUBTRACT, "delete"))))
                .containsOnly(Map.entry("log.cleanup.policy", "compact"));
    }

    /** Whoever makes another one dynamic has to read it anew each time that it counts, and adds it here. */
    @Test
    void besideTheDefaultsOfTopicsTheseAreReadAnewWhenTheyCount() {
        assertThat(DynamicBrokerConfig.ALL_DYNAMIC_CONFIGS.stream()
                        .filter(BrokerConfigs::isDynamic)
                        .filter(name ->
                                KafkaSupport.of(name).stream().anyMatch(support -> support.kind() == Kind.HONOURED))
                        .filter(name -> !ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.containsValue(name)))
                .containsExactlyInAnyOrder(
                        "group.consumer.assignment.interval.ms",
                        "log.cleaner.backoff.ms",
                        "log.cleaner.dedupe.buffer.size",
                        "log.cleaner.io.buffer.load.factor",
                        "log.cleaner.io.buffer.size",
                        "log.cleaner.threads",
                        "max.connections",
                        "max.connections.per.ip",
                        "max.connections.per.ip.overrides",
                        "producer.id.expiration.ms");
    }

    private static UnaryOperator<Map<String, String>> set(String name, String value) {
        return before -> {
            Map<String, String> after = new HashMap<>(before);
            after.put(name, value);
            return after;
        };
    }

    private void store(String resource, Map<String, String> values) {
        stored.put(resource, values);
        settings.apply(image());
    }

    private ClusterImage image() {
        Map<String, Map<String, String>> now = Map.copyOf(stored);
        return (ClusterImage) Proxy.newProxyInstance(
                ClusterImage.class.getClassLoader(),
                new Class<?>[] {ClusterImage.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("brokerOverrides")) {
                        return now.getOrDefault(arguments[0], Map.of());
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
