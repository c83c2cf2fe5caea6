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
     * Starts the broker and returns when it serves. If nobody closes it, it is closed when nothing else keeps the JVM
     * alive; without a data directory of its own also when the JVM exits.
     *
     * @throws io.aeon.config.SettingsException a setting is wrong
     * @throws StartException it cannot start
     */
    public Aeon start() {
        return start(new OpenParts());
    }

    Aeon start(OpenParts parts) {
        Map<String, Object> given = new LinkedHashMap<>(settings);
        boolean temporary = dataDirectory == null && !given.containsKey("aeon.data-dir");
        if (dataDirectory != null) {
            given.put("aeon.data-dir", dataDirectory.toString());
        } else if (temporary) {
            TemporaryDirectory directory = parts.openedGround("temporary directory", TemporaryDirectory.create());
            given.put("aeon.data-dir", directory.path().toString());
            given.putIfAbsent("aeon.log.flush", "os");
        }
        Aeon broker = Aeon.start(() -> AeonSettings.load(SettingsSources.given(given)), files, parts);
        EndOfProgram.closes(broker);
        if (temporary) {
            EndOfProgram.closesAtExit(broker);
        }
        return broker;
    }
}
