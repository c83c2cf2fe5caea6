package io.aeon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.config.KafkaSupport.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

/** Checks Kafka's own definitions: no setting of Kafka is accepted and then ignored silently. */
class KafkaSupportTest {
    private static final Set<String> NAMES_OF_AUTHORIZERS = Set.of("super.users", "allow.everyone.if.no.acl.found");
    private static final Map<String, Long> LOOKED_AT = Map.ofEntries(
            Map.entry("controller.performance.", 2L),
            Map.entry("controller.quorum.", 3L),
            Map.entry("delegation.token.expiry.", 2L),
            Map.entry("errors.deadletterqueue.", 2L),
            Map.entry("group.share.", 25L),
            Map.entry("group.streams.", 21L),
            Map.entry("internal.metadata.", 3L),
            Map.entry("log.flush.", 5L),
            Map.entry("log.local.retention.", 2L),
            Map.entry("log.remote.", 2L),
            Map.entry("metadata.log.", 4L),
            Map.entry("metadata.max.", 3L),
            Map.entry("metrics.", 3L),
            Map.entry("remote.", 26L),
            Map.entry("replica.", 1L),
            Map.entry("sasl.", 51L),
            Map.entry("share.", 14L),
            Map.entry("ssl.", 23L));
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
                    .filter(each -> !each.endsWith("BrokerSupport.java") && !each.endsWith("KafkaBounds.java"))
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
            Map<String, Object> given = Map.of("aeon.kafka." + name, OtherValue.of(definition(name)));
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

    /** A wrong value of a setting that counts would change nothing if nobody read it. */
    @Test
    void aWrongValueStopsTheStartWithThePathOfItsKey() {
        List<String> checked = names().stream()
                .filter(name -> kind(name) == Kind.HONOURED || kind(name) == Kind.WITHOUT_EFFECT)
                .filter(name -> OtherValue.wrong(definition(name)).isPresent())
                .toList();

        assertThat(checked)
                .hasSizeGreaterThan(200)
                .allSatisfy(name -> assertThatThrownBy(() -> AeonSettings.load(SettingsSources.given(Map.of(
                                "aeon.kafka." + name,
                                OtherValue.wrong(definition(name)).orElseThrow()))))
                        .isInstanceOf(SettingsException.class)
                        .hasMessageStartingWith("aeon.kafka." + name + ": "));
    }

    /**
     * A prefix in the list covers as many of Kafka's settings as somebody has looked at: a new one has to be looked at
     * too.
     */
    @Test
    void aPrefixCoversOnlySettingsThatWereLookedAt() {
        Map<String, Long> covered = names().stream()
                .filter(name -> KafkaSupport.listed().noneMatch(name::equals))
                .collect(Collectors.groupingBy(
                        name -> KafkaSupport.listed()
                                .filter(listed -> listed.endsWith(".") && name.startsWith(listed))
                                .max(Comparator.naturalOrder())
                                .orElseThrow(),
                        TreeMap::new,
                        Collectors.counting()));

        assertThat(covered).containsExactlyEntriesOf(new TreeMap<>(LOOKED_AT));
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

    private static ConfigKey definition(String name) {
        return KafkaSettings.definition().configKeys().get(name);
    }

    private static Kind kind(String name) {
        return KafkaSupport.of(name).orElseThrow().kind();
    }

    private static List<String> behindTopics() {
        return ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.values().stream()
                .flatMap(List::stream)
                .map(synonym -> synonym.name())
                .toList();
    }
}
