package io.aeon.cli;

import com.typesafe.config.Config;
import io.aeon.config.SettingsSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/** The options of {@code aeon start}, which other commands take to find the same settings. */
final class StartOptions {
    private static final String CONFIG = "config";
    private static final String DATA = "data";
    private static final String HOST = "host";
    private static final String PORT = "port";
    private static final String NODE_ID = "node-id";
    private static final String CONTROLLER_PORT = "controller-port";
    private static final String JOIN = "join";
    private static final String SETTING = "D";

    private StartOptions() {}

    static Options all() {
        return new Options()
                .addOption(option(
                        CONFIG,
                        "FILE",
                        "Settings file, instead of conf/aeon.conf; a name that ends in .properties is read as"
                                + " Kafka's server.properties."))
                .addOption(option(DATA, "DIR", "Data directory (aeon.data-dir)."))
                .addOption(option(
                        HOST,
                        "ADDRESS",
                        "Address that the listeners of the command line bind and tell to clients and nodes"
                                + " (aeon.listeners.client.host, with --controller-port also that of controller)."))
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

    /** The settings that the options give, by full path. */
    static Map<String, String> settings(Given given) {
        Map<String, String> settings = new LinkedHashMap<>();
        given.text(DATA).ifPresent(data -> settings.put("aeon.data-dir", data));
        given.text(HOST).ifPresent(host -> {
            settings.put("aeon.listeners.client.host", host);
            if (given.has(CONTROLLER_PORT)) {
                settings.put("aeon.listeners.controller.host", host);
            }
        });
        given.text(PORT).ifPresent(port -> settings.put("aeon.listeners.client.port", port));
        given.text(NODE_ID).ifPresent(id -> settings.put("aeon.node-id", id));
        given.text(CONTROLLER_PORT).ifPresent(port -> settings.put("aeon.listeners.controller.port", port));
        given.text(JOIN).ifPresent(controllers -> settings.put("aeon.join", controllers));
        settings.putAll(given.pairs(SETTING));
        return settings;
    }

    /** The file that is given, else that of the distribution; null if neither exists. */
    static @Nullable Path file(Given given, Properties system) {
        return given.path(CONFIG).or(() -> ofDistribution(system)).orElse(null);
    }

    /**
     * The settings of this process from all sources.
     *
     * @param usual settings by full path that the options replace
     */
    static Config config(Given given, Map<String, String> usual) {
        Properties system = System.getProperties();
        Map<String, String> commandLine = new LinkedHashMap<>(usual);
        commandLine.putAll(settings(given));
        return SettingsSources.ofProcess(file(given, system), commandLine, system, System.getenv());
    }

    /** The distribution's own settings file, whose path the launcher passes; empty if it does not exist. */
    private static Optional<Path> ofDistribution(Properties system) {
        return Optional.ofNullable(system.getProperty("config.file"))
                .map(Path::of)
                .filter(Files::exists);
    }
}
