package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import io.aeon.storage.file.LogFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of an embedded broker. Environment variables, files and system properties of the process have
 * no effect on them.
 */
public final class AeonBuilder {
    /** What counts unless it is set. */
    static final Map<String, Object> DEFAULTS = Map.of(
            "aeon.listeners.client.port", 0,
            "aeon.console.port", -1,
            "aeon.kafka.group.initial.rebalance.delay.ms", 0);

    private final Map<String, Object> settings = new LinkedHashMap<>();
    private Map<String, Object> above = Map.of();
    private @Nullable Path dataDirectory;
    private LogFiles files = LogFiles.disk();
    private boolean closesAtExit = true;
    private boolean closesAtEnd = true;

    AeonBuilder() {}

    /**
     * Keeps the data in {@code directory}, which remains after the broker stops. Without this call a temporary
     * directory is used and removed when the broker closes.
     */
    public AeonBuilder dataDirectory(Path directory) {
        this.dataDirectory = directory;
        return this;
    }

    /**
     * Sets one setting by its full path, for example {@code aeon.kafka.num.partitions}, or those of a block by a map.
     * The last call for a setting counts.
     */
    public AeonBuilder set(String path, Object value) {
        settings.remove(path);
        settings.put(path, value);
        return this;
    }

    /**
     * The caller closes the broker, also when the JVM exits. The broker itself has no shutdown hook once it runs, which
     * would run at the same time as the caller's.
     */
    public AeonBuilder withoutExitHook() {
        closesAtExit = false;
        return this;
    }

    /** The cluster closes the broker with its other nodes, also at the end of the program. */
    AeonBuilder ofCluster() {
        closesAtEnd = false;
        closesAtExit = false;
        return this;
    }

    /** Gives {@code settingsAbove} precedence over those of {@link #set}, also where these have Kafka's names. */
    AeonBuilder above(Map<String, Object> settingsAbove) {
        this.above = settingsAbove;
        return this;
    }

    /** Keeps the partitions' logs in {@code partitionFiles}, which a test can make fail. */
    AeonBuilder files(LogFiles partitionFiles) {
        this.files = partitionFiles;
        return this;
    }

    /**
     * Starts the broker and returns when it serves clients. A broker that the program does not close is closed when no
     * other thread keeps the JVM alive; if its data directory is temporary, also when the JVM exits, except after
     * {@link #withoutExitHook}. An exit ends a start that is under way.
     *
     * @throws io.aeon.config.SettingsException a setting has a wrong value
     * @throws StartException the broker cannot start
     */
    public Aeon start() {
        return start(new OpenParts());
    }

    Aeon start(OpenParts parts) {
        boolean temporary = dataDirectory == null && !SettingsSources.gives(settings, "aeon.data-dir");
        CompletableFuture<Aeon> start = new CompletableFuture<>();
        if (temporary) {
            CompletionStage<?> over = closesAtExit ? start.thenCompose(Aeon::whenStopped) : start;
            EndOfProgram.closesAtExit(() -> end(start, parts), over);
        }
        try {
            Aeon broker = start(parts, temporary);
            start.complete(broker);
            if (closesAtEnd) {
                EndOfProgram.closes(broker::close, broker.whenStopped());
            }
            return broker;
        } finally {
            start.cancel(false);
        }
    }

    /** Ends a start that is under way, and closes what it has opened. */
    private static void end(CompletableFuture<Aeon> start, OpenParts parts) {
        if (!start.isDone()) {
            parts.abandon();
            UninterruptedWait.await(start, BrokerStart.LONGEST_STEP);
        }
        var unused = start.thenAccept(Aeon::close);
        parts.close();
    }

    private Aeon start(OpenParts parts, boolean temporary) {
        Map<String, Object> given = new LinkedHashMap<>(DEFAULTS);
        if (temporary) {
            TemporaryDirectory directory = parts.openedOutside("temporary directory", TemporaryDirectory.create());
            given.put("aeon.data-dir", directory.path().toString());
            given.put("aeon.log.flush", "os");
        }
        putLast(given, settings);
        if (dataDirectory != null) {
            putLast(given, Map.of("aeon.data-dir", dataDirectory.toString()));
        }
        Map<String, Object> over = above;
        return Aeon.start(
                () -> AeonSettings.load(SettingsSources.given(given, over)),
                new World(files, ports -> AeonSettings.load(SettingsSources.given(given, over, ports))),
                parts);
    }

    /** A block in {@code settings} may have a value for one of {@code more}, too. What comes last counts. */
    private static void putLast(Map<String, Object> settings, Map<String, Object> more) {
        settings.keySet().removeAll(more.keySet());
        settings.putAll(more);
    }
}
