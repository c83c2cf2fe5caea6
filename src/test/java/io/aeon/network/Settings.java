package io.aeon.network;

import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import java.util.HashMap;
import java.util.Map;

final class Settings {
    private Settings() {}

    /** The default settings on a free port, with the given overrides. */
    static AeonSettings with(Map<String, Object> given) {
        Map<String, Object> all = new HashMap<>(given);
        all.putIfAbsent("aeon.listeners.client.port", 0);
        return AeonSettings.load(SettingsSources.given(all));
    }
}
