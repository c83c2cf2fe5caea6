package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import io.aeon.storage.file.LogFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the settings of an embedded broker. What surrounds the process (environment, files, system properties) has no
 * say in them.
 */
public final class AeonBuilder {
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private @Nullable Path dataDirectory;
    private LogFiles files = LogFiles.disk();

    AeonBuilder() {
        settings.put("aeon.listeners.client.port", 0);
        settings.put("aeon.kafka.group.initial.rebalance.delay.ms", 0);
    }

    /** Keeps the data in {@code directory}, which outlives the broker. Without it they are gone at close. */
    public AeonBuilder dataDirectory(Path directory) {
        this.dataDirectory = directory;
        return this;
    }

    /** Sets one setting by its full path, such as {@code aeon.kafka.num.partitions}. */
    public AeonBuilder set(String path, Object value) {
        settings.put(path, value);
        return this;
    }

    /** Keeps the partitions' logs in these files, which may have faults. */
    AeonBuilder files(LogFiles partitionFiles) {
        this.files = partitionFiles;
        return this;
    }

    /**
     * Starts the broker and returns when it serves.
     *
     * @throws io.aeon.config.SettingsException a setting is wrong
     * @throws StartException it cannot start
     */
    public Aeon start() {
        OpenParts parts = new OpenParts();
        Map<String, Object> given = new LinkedHashMap<>(settings);
        if (dataDirectory != null) {
            given.put("aeon.data-dir", dataDirectory.toString());
        } else if (!given.containsKey("aeon.data-dir")) {
            TemporaryDirectory temporary = parts.opened(TemporaryDirectory.create());
            given.put("aeon.data-dir", temporary.path().toString());
            given.putIfAbsent("aeon.log.flush", "os");
        }
        return Aeon.start(() -> AeonSettings.load(SettingsSources.given(given)), files, parts);
    }
}
