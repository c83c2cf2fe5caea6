package io.aeon.cli;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.Config;
import io.aeon.config.AeonSettings;
import io.aeon.config.ChangedSettings;
import io.aeon.config.KafkaSettings;
import io.aeon.config.SettingsSources;
import io.aeon.config.Version;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.Descriptors;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a broker in the foreground until a signal stops it. */
final class StartCommand implements Subcommand {
    private static final Logger LOG = LoggerFactory.getLogger(StartCommand.class);
    private static final String CONFIG = "config";
    private static final String DATA = "data";
    private static final String PORT = "port";
    private static final String NODE_ID = "node-id";
    private static final String CONTROLLER_PORT = "controller-port";
    private static final String JOIN = "join";
    private static final String SETTING = "D";
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
        return new Options()
                .addOption(option(
                        CONFIG,
                        "FILE",
                        "Settings file, instead of conf/aeon.conf; a name that ends in .properties is read as"
                                + " Kafka's server.properties."))
                .addOption(option(DATA, "DIR", "Data directory (aeon.data-dir)."))
                .addOption(option(
                        PORT, "N", "Port of the client listener (aeon.listeners.client.port); 0 for any free one."))
                .addOption(option(NODE_ID, "N", "Node id in the cluster (aeon.node-id)."))
                .addOption(option(
                        CONTROLLER_PORT,
                        "N",
                        "Port of the controller listener (aeon.listeners.controller.port): other nodes can join this"
                                + " one."))
                .addOption(
                        option(JOIN, "HOST:PORT,...", "Controllers of the cluster that this node joins (aeon.join)."))
                .addOption(Option.builder(SETTING)
                        .numberOfArgs(2)
                        .valueSeparator()
                        .argName("KEY=VALUE")
                        .desc("Any setting, for example -Daeon.log.flush=os.")
                        .get());
    }

    private static Option option(String name, String value, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(value)
                .desc(description)
                .get();
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
            System.out.printf(
                    Locale.ROOT,
                    "Aeon %s ready on %s in %d ms%n",
                    Version.current(),
                    broker.bootstrapServers(),
                    ProcessAge.millis());
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
        Map<String, String> commandLine = new LinkedHashMap<>();
        commandLine.put(EXIT_ON_FATAL_ERROR, "on");
        given.text(DATA).ifPresent(data -> commandLine.put("aeon.data-dir", data));
        given.text(PORT).ifPresent(port -> commandLine.put("aeon.listeners.client.port", port));
        given.text(NODE_ID).ifPresent(id -> commandLine.put("aeon.node-id", id));
        given.text(CONTROLLER_PORT).ifPresent(port -> commandLine.put("aeon.listeners.controller.port", port));
        given.text(JOIN).ifPresent(controllers -> commandLine.put("aeon.join", controllers));
        commandLine.putAll(given.pairs(SETTING));
        Path file = given.path(CONFIG).or(StartCommand::ofDistribution).orElse(null);
        Config config = SettingsSources.ofProcess(file, commandLine, System.getProperties(), System.getenv());
        AeonSettings settings = AeonSettings.load(config);
        settings.dataDirs().forEach(FileNames::require);
        report(file, config, settings);
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
        Runtime runtime = Runtime.getRuntime();
        StartWarnings.Resources found = new StartWarnings.Resources(
                memory(),
                runtime.maxMemory(),
                Descriptors.descriptors(),
                Descriptors.maps(),
                fileSystems(settings.dataDirs()));
        LOG.info(
                "Found {} processors, {} MiB of memory, {} MiB for the heap, of which requests and answers take up to {} MiB;"
                        + " {}; data on {}",
                runtime.availableProcessors(),
                found.memory() >> MIB,
                found.heap() >> MIB,
                settings.network().bytesInFlight() >> MIB,
                Descriptors.described(),
                found.fileSystems());
        StartWarnings.of(settings, found).forEach(LOG::warn);
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : 0;
    }

    private static Map<Path, String> fileSystems(List<Path> directories) {
        Map<Path, String> kinds = new LinkedHashMap<>();
        for (Path directory : directories) {
            try {
                kinds.put(directory, Files.getFileStore(directory).type());
            } catch (IOException e) {
                kinds.put(directory, "an unknown file system");
            }
        }
        return kinds;
    }

    /** The distribution's own settings file, whose path the launcher passes; empty if it does not exist. */
    private static Optional<Path> ofDistribution() {
        return Optional.ofNullable(System.getProperty("config.file"))
                .map(Path::of)
                .filter(Files::exists);
    }
}
