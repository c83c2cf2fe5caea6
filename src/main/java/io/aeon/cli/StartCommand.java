package io.aeon.cli;

import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import io.aeon.config.Version;
import io.aeon.embedded.Aeon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a broker in the foreground until it is told to stop. */
@Command(
        name = "start",
        description = "Run a broker in the foreground; SIGTERM or ctrl-C stops it in order.",
        mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "Settings file, instead of conf/aeon.conf.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory (aeon.data-dir).")
    private @Nullable String data;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the client listener (aeon.listeners.client.port); 0 for any free one.")
    private @Nullable String port;

    @Option(names = "-D", paramLabel = "KEY=VALUE", description = "Any setting, such as -Daeon.log.flush=os.")
    private Map<String, String> given = new LinkedHashMap<>();

    @Override
    public Integer call() {
        CleanStop stop = CleanStop.onSignal();
        try {
            Aeon broker = stop.started(Aeon.start(settings()));
            System.out.printf(
                    "Aeon %s ready on %s in %d ms%n",
                    Version.current(),
                    broker.bootstrapServers(),
                    sinceProcessStart().toMillis());
            broker.whenStopped().toCompletableFuture().join();
            return 0;
        } catch (CompletionException e) {
            stop.failed();
            return 1;
        } catch (RuntimeException e) {
            stop.failed();
            throw e;
        }
    }

    private AeonSettings settings() {
        Map<String, String> commandLine = new LinkedHashMap<>();
        commandLine.put("aeon.akka.jvm-exit-on-fatal-error", "on");
        if (data != null) {
            commandLine.put("aeon.data-dir", data);
        }
        if (port != null) {
            commandLine.put("aeon.listeners.client.port", port);
        }
        commandLine.putAll(given);
        return AeonSettings.load(
                SettingsSources.ofProcess(configFile(), commandLine, System.getProperties(), System.getenv()));
    }

    /** The file asked for, else the distribution's own, which its launcher names; that one may be missing. */
    private @Nullable Path configFile() {
        String ofDistribution = System.getProperty("config.file");
        if (config != null || ofDistribution == null) {
            return config;
        }
        Path file = Path.of(ofDistribution);
        return Files.exists(file) ? file : null;
    }

    private static Duration sinceProcessStart() {
        Instant now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    }
}
