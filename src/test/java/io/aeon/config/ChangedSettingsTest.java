package io.aeon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangedSettingsTest {
    @Test
    void onlyChangedSettingsAreListedAndSecretsAreHidden() {
        Map<String, String> changed = ChangedSettings.of(SettingsSources.given(Map.of(
                "aeon.log.flush", "os",
                "aeon.node-id", "1",
                "aeon.kafka.num.partitions", 3,
                "aeon.listeners.other.port", 9093,
                "aeon.kafka.ssl.keystore.password", "hush")));

        assertThat(changed)
                .isEqualTo(Map.of(
                        "aeon.log.flush", "os",
                        "aeon.kafka.num.partitions", "3",
                        "aeon.listeners.other.port", "9093",
                        "aeon.kafka.ssl.keystore.password", "[hidden]"));
    }
}
