package io.aeon.cli;

import com.typesafe.config.Config;
import io.aeon.config.AeonSettings;
import io.aeon.config.ChangedSettings;
import io.aeon.config.KafkaSettings;
import io.aeon.config.Version;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.Descriptors;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a broker in the foreground until a signal stops it. */
final class StartCommand implements Subcommand {
    private static final Logger LOG = LoggerFactory.getLogger(StartCommand.class);
    private static final int MIB = 20;
    private static final String EXIT_ON_FATAL_ERROR = "aeon.akka.jvm-exit-on-fatal-error";

    @Override
    public String words() {
        return "start";
    }

    @Override
    public String summary() {
        return "Run a broker in the foreground; SIGTERM or Ctrl-C stops it cleanly.";
    }

    @Override
    public Options options() {
        return StartOptions.all();
    }

    @Override
    public int run(Given given) {
        // Kafka's controller registers its metrics with this server; creating it on a separate thread keeps it from
        // delaying the start.
        new Thread(ManagementFactory::getPlatformMBeanServer, "aeon-mbean-server-start").start();
        // Loading Kafka's definitions of 379 settings takes as long as reading the settings file, so both run in
        // parallel.
        new Thread(KafkaSettings::definition, "aeon-definitions-start").start();
        CleanStop stop = CleanStop.onSignal();
        if (stop.isUnderWay()) {
            return Main.OK;
        }
        try {
            AeonSettings settings = settings(given);
            Aeon broker = stop.started(Aeon.start(settings));
            // One write: printf makes several, between which a line of the log may come.
            System.out.print(String.format(
                    Locale.ROOT,
                    "Aeon %s ready on %s in %d ms%n",
                    Version.current(),
                    broker.bootstrapServers(),
                    SinceLaunch.millis()));
            reportResources(settings);
            broker.whenStopped().toCompletableFuture().join();
            return Main.OK;
        } catch (CompletionException e) {
            stop.failed();
            return Main.FAILED;
        } catch (RuntimeException | Error e) {
            boolean stopped = stop.isUnderWay();
            if (stopped) {
                LOG.debug("A stop has ended the start", e);
            }
            stop.failed();
            if (stopped) {
                return Main.OK;
            }
            throw e;
        }
    }

    static AeonSettings settings(Given given) {
        Config config = StartOptions.config(given, Map.of(EXIT_ON_FATAL_ERROR, "on"));
        AeonSettings settings = AeonSettings.load(config);
        settings.dataDirs().forEach(FileNames::require);
        report(StartOptions.file(given, System.getProperties()), config, settings);
        return settings;
    }

    /** Logs what an operator needs first when a broker does not behave as expected. */
    private static void report(@Nullable Path file, Config config, AeonSettings settings) {
        LOG.info(
                "Aeon {} on JDK {} at {}, settings from {}",
                Version.current(),
                Runtime.version(),
                System.getProperty("java.home"),
                file == null ? "no file" : file.toAbsolutePath().normalize());
        Map<String, String> changed = ChangedSettings.of(config);
        changed.remove(EXIT_ON_FATAL_ERROR);
        LOG.info(
                "Flush mode {}, settings that differ from their defaults: {}",
                settings.flush().mode().name().toLowerCase(Locale.ROOT),
                changed.isEmpty() ? "none" : changed);
    }

    /** Called when the broker already serves, because collecting these values would delay the start. */
    private static void reportResources(AeonSettings settings) {
        StartWarnings.Resources found = StartWarnings.Resources.found(settings.dataDirs());
        LOG.info(
                "Found {} processors, {} MiB of memory, {} MiB for the heap, of which requests and answers take up to {} MiB;"
                        + " {}; data on {}",
                Runtime.getRuntime().availableProcessors(),
                found.memory() >> MIB,
                found.heap() >> MIB,
                settings.network().bytesInFlight() >> MIB,
                Descriptors.described(),
                found.fileSystems());
        StartWarnings.of(settings, found).forEach(LOG::warn);
    }
}
