package io.aeon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.junit.jupiter.api.Test;

/** The value of a password reaches neither the first lines of the log nor the message of an error. */
class SecretsTest {
    private static final String SECRET = "hush-hush";

    @Test
    void thePasswordsOfEveryListenerAreHiddenAmongTheChangedSettings() {
        assertThat(passwords()).hasSize(10);
        for (String name : passwords()) {
            for (String prefix : List.of("", "listener.name.internal.", "listener.name.internal.plain.")) {
                String path = "aeon.kafka." + prefix + name;
                assertThat(ChangedSettings.of(SettingsSources.given(Map.of(path, SECRET))))
                        .containsEntry(path, "[hidden]");
            }
        }
    }

    @Test
    void noErrorTellsThePassword() {
        for (String name : passwords()) {
            String told = errorOf(Map.of("aeon.kafka." + name, SECRET, "aeon.kafka.num.partitions", "0"));
            assertThat(told).startsWith("aeon.kafka.").doesNotContain(SECRET);
        }
    }

    @Test
    void theSettingsDoNotShowThePasswordAsText() {
        for (String name : passwords()) {
            KafkaSettings settings = new KafkaSettings(Map.of(name, SECRET));
            assertThat(settings.values().get(name)).asString().isEqualTo("[hidden]");
        }
    }

    private static String errorOf(Map<String, String> given) {
        try {
            return "started with "
                    + AeonSettings.load(SettingsSources.given(given)).nodeId();
        } catch (SettingsException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static List<String> passwords() {
        return KafkaSettings.definition().configKeys().values().stream()
                .filter(key -> key.type == Type.PASSWORD)
                .map(key -> key.name)
                .sorted()
                .toList();
    }
}
