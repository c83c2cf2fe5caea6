package io.aeon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.config.KafkaSupport.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

/** Checks Kafka's own definitions: no setting of Kafka is accepted and then ignored silently. */
class KafkaSupportTest {
    private static final Set<String> NAMES_OF_AUTHORIZERS = Set.of("super.users", "allow.everyone.if.no.acl.found");
    private static final Pattern TEXT = Pattern.compile("\"([a-z][a-z0-9]*(?:\\.[a-z0-9]+)+)\"");

    @Test
    void everySettingOfKafkaIsOnTheList() {
        assertThat(names())
                .hasSizeGreaterThan(350)
                .allSatisfy(name -> assertThat(KafkaSupport.of(name))
                        .as(name)
                        .hasValueSatisfying(
                                support -> assertThat(support.reason()).isNotBlank()));
    }

    @Test
    void everySettingOfTopicsIsOnTheList() {
        assertThat(new TreeSet<>(LogConfig.configNames()))
                .allSatisfy(name -> assertThat(KafkaSupport.ofTopic(name))
                        .as(name)
                        .hasValueSatisfying(
                                support -> assertThat(support.reason()).isNotBlank()));
    }

    @Test
    void aTopicSettingHasTheEffectOfItsBrokerSetting() {
        ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.forEach((topic, broker) -> {
            Kind ofTopic = KafkaSupport.ofTopic(topic).orElseThrow().kind();
            Kind ofBroker = KafkaSupport.of(broker).orElseThrow().kind();
            assertThat(ofTopic == Kind.HONOURED).as(topic).isEqualTo(ofBroker == Kind.HONOURED);
        });
    }

    @Test
    void theListContainsOnlySettingsOfKafka() {
        assertThat(KafkaSupport.listed().filter(listed -> !NAMES_OF_AUTHORIZERS.contains(listed)))
                .allSatisfy(listed -> assertThat(Stream.concat(names().stream(), Stream.of("listener.name.x")))
                        .anyMatch(name -> name.startsWith(listed)));
    }

    /** Every honoured setting is read by its name in Aeon's sources, or is the default of a topic setting. */
    @Test
    void everyHonouredSettingIsRead() throws IOException {
        Set<String> read = new TreeSet<>(behindTopics());
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java"))
                    .filter(each -> !each.endsWith("KafkaSupport.java"))
                    .toList()) {
                TEXT.matcher(Files.readString(file)).results().forEach(found -> read.add(found.group(1)));
            }
        }

        assertThat(names().stream().filter(name -> kind(name) == Kind.HONOURED)).allMatch(read::contains);
    }

    @Test
    void everySettingIsHonouredIgnoredOrRefusedByName() {
        for (String name : names()) {
            if (kind(name) == Kind.HONOURED || kind(name) == Kind.MOVED) {
                continue; // ServerPropertiesTest and the tests of what they do
            }
            Map<String, Object> given = Map.of("aeon.kafka." + name, anotherValue(name));
            if (kind(name) == Kind.REFUSED) {
                assertThatThrownBy(() -> AeonSettings.load(SettingsSources.given(given)))
                        .isInstanceOf(SettingsException.class)
                        .hasMessageStartingWith("aeon.kafka." + name + ": ");
            } else {
                assertThat(AeonSettings.load(SettingsSources.given(given))
                                .kafka()
                                .originals())
                        .containsKey(name);
            }
        }
    }

    @Test
    void theDefaultsAreKafkas() {
        KafkaSettings settings =
                AeonSettings.load(SettingsSources.given(Map.of())).kafka();
        Map<String, ConfigKey> definitions = KafkaSettings.definition().configKeys();
        Set<String> others = names().stream()
                .filter(name -> definitions.get(name).hasDefault())
                .filter(name -> !String.valueOf(settings.values().get(name))
                        .equals(String.valueOf(definitions.get(name).defaultValue)))
                .collect(Collectors.toSet());

        // Aeon's own settings have their own defaults: node id, directory, listener.
        assertThat(others)
                .containsExactlyInAnyOrder("broker.id", "log.dirs", "listeners", "listener.security.protocol.map");
    }

    private static Set<String> names() {
        return new TreeSet<>(KafkaSettings.definition().names());
    }

    private static Kind kind(String name) {
        return KafkaSupport.of(name).orElseThrow().kind();
    }

    /** A valid value for Kafka that is not its default. */
    private static String anotherValue(String name) {
        ConfigKey key = KafkaSettings.definition().configKeys().get(name);
        String usual = !key.hasDefault() || key.defaultValue == null
                ? ""
                : ConfigDef.convertToString(key.defaultValue, key.type);
        return candidates(key)
                .filter(value -> !value.equals(usual) && isValid(key, value))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no other value for " + name));
    }

    private static Stream<String> candidates(ConfigKey key) {
        if (key.validator instanceof ConfigDef.ValidString || key.validator instanceof ConfigDef.ValidList) {
            return Stream.concat(
                    Stream.of(
                            key.validator.toString().replaceAll("[\\[\\]]", "").split(", ")),
                    Stream.of("x"));
        }
        return switch (key.type) {
            case BOOLEAN -> Stream.of("true", "false");
            case INT, LONG, SHORT -> {
                long usual = key.defaultValue instanceof Number number ? number.longValue() : 1;
                yield Stream.of(usual + 1, usual - 1, usual / 2 + 1).map(String::valueOf);
            }
            case DOUBLE -> Stream.of("0.25", "0.5", "1.5");
            case CLASS -> Stream.of("java.lang.Object");
            default -> Stream.of("x", "GSSAPI", "SSL", "1", "classic", "DISABLED", "ES256", "required", "disabled");
        };
    }

    private static boolean isValid(ConfigKey key, String value) {
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static List<String> behindTopics() {
        return ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.values().stream()
                .flatMap(List::stream)
                .map(synonym -> synonym.name())
                .toList();
    }
}
