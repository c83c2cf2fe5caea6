package io.aeon.metadata.node;

import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import io.aeon.metadata.raft.EngineFaults;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Metadata engines for tests. */
public final class Engines {
    private Engines() {}

    /** Settings over the defaults, by full path, with the data in {@code dir}. */
    public static AeonSettings settings(Path dir, Map<String, ?> given) {
        Map<String, Object> all = new HashMap<>(given);
        all.put("aeon.data-dir", dir.toString());
        return AeonSettings.load(SettingsSources.given(all));
    }

    /** Starts an engine; a fatal fault throws on the thread that caused it. */
    public static KRaft start(AeonSettings settings) {
        return KRaft.start(settings, settings.dataDirs(), new CompletableFuture<>(), failure -> {
            throw new AssertionError(failure);
        });
    }

    /** The faults of an engine whose start is not abandoned. */
    static EngineFaults faults(Consumer<Throwable> onFatal) {
        return new EngineFaults(new CompletableFuture<>(), onFatal);
    }
}
