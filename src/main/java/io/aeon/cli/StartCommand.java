package io.aeon.cli;

import io.aeon.config.AeonSettings;
import io.aeon.config.KafkaSettings;
import io.aeon.config.SettingsSources;
import io.aeon.config.Version;
import io.aeon.embedded.Aeon;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Runs a broker in the foreground until it is told to stop. */
final class StartCommand implements Subcommand {
    private static final String CONFIG = "config";
    private static final String DATA = "data";
    private static final String PORT = "port";
    private static final String SETTING = "D";

    @Override
    public String words() {
        return "start";
    }

    @Override
    public String summary() {
        return "Run a broker in the foreground; SIGTERM or ctrl-C stops it in order.";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(
                        option(
                                CONFIG,
                                "FILE",
                                "Settings file, instead of conf/aeon.conf; one that ends in .properties is Kafka's server.properties."))
                .addOption(option(DATA, "DIR", "Data directory (aeon.data-dir)."))
                .addOption(option(
                        PORT, "N", "Port of the client listener (aeon.listeners.client.port); 0 for any free one."))
                .addOption(Option.builder(SETTING)
                        .numberOfArgs(2)
                        .valueSeparator()
                        .argName("KEY=VALUE")
                        .desc("Any setting, such as -Daeon.log.flush=os.")
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
        // Kafka's controller registers its metrics there: made by the controller, it would keep the start waiting.
        new Thread(ManagementFactory::getPlatformMBeanServer, "aeon-mbean-server-start").start();
        // Kafka's definitions of 379 settings take as long to load as the settings file takes to be read.
        new Thread(KafkaSettings::definition, "aeon-definitions-start").start();
        CleanStop stop = CleanStop.onSignal();
        try {
            Aeon broker = stop.started(Aeon.start(settings(given)));
            System.out.printf(
                    "Aeon %s ready on %s in %d ms%n",
                    Version.current(), broker.bootstrapServers(), ProcessAge.millis());
            broker.whenStopped().toCompletableFuture().join();
            return Main.OK;
        } catch (CompletionException e) {
            stop.failed();
            return Main.FAILED;
        } catch (RuntimeException e) {
            stop.failed();
            throw e;
        }
    }

    static AeonSettings settings(Given given) {
        Map<String, String> commandLine = new LinkedHashMap<>();
        commandLine.put("aeon.akka.jvm-exit-on-fatal-error", "on");
        given.text(DATA).ifPresent(data -> commandLine.put("aeon.data-dir", data));
        given.text(PORT).ifPresent(port -> commandLine.put("aeon.listeners.client.port", port));
        commandLine.putAll(given.pairs(SETTING));
        Path config = given.path(CONFIG).or(StartCommand::ofDistribution).orElse(null);
        return AeonSettings.load(
                SettingsSources.ofProcess(config, commandLine, System.getProperties(), System.getenv()));
    }

    /** The distribution's own settings file, which its launcher names; it may be missing. */
    private static Optional<Path> ofDistribution() {
        return Optional.ofNullable(System.getProperty("config.file"))
                .map(Path::of)
                .filter(Files::exists);
    }
}
