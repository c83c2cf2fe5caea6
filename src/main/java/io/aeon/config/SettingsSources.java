package io.aeon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sources of settings, in order of precedence: command line, system properties, environment, file, defaults.
 */
public final class SettingsSources {
    private static final ClassLoader LOADER = new DefaultsLoader();

    private SettingsSources() {}

    /**
     * The class loader by which the defaults were read. An actor system that has another one reads its own once more.
     */
    public static ClassLoader loader() {
        return LOADER;
    }

    /**
     * The settings in {@code sources}, by full path, and the defaults; no other source is read.
     *
     * @param sources each has precedence over those before it, whichever names its settings have; each may contain
     *     whole blocks, and what comes later in a map's order has precedence
     */
    @SafeVarargs
    public static Config given(Map<String, ?>... sources) {
        Config all = defaults();
        for (Map<String, ?> source : sources) {
            all = over(source(source, "given settings"), all);
        }
        return all;
    }

    /** Whether {@code settings}, by full path, give the setting at {@code path}, directly or within a block. */
    public static boolean gives(Map<String, ?> settings, String path) {
        return source(settings, "given settings").hasPath(path);
    }

    /**
     * All sources of a broker that runs in its own process.
     *
     * @param file the configuration file, null for none; a file that ends in .properties is Kafka's server.properties
     * @param commandLine settings by full path
     * @param system the JVM's system properties; those that begin with {@code aeon.} are settings
     * @param environment the environment variables; those that begin with {@code AEON_} and match a setting are
     *     settings
     * @throws SettingsException the file cannot be read, or a source contains an unknown setting
     */
    public static Config ofProcess(
            @Nullable Path file, Map<String, String> commandLine, Properties system, Map<String, String> environment) {
        Config defaults = defaults();
        Config withFile = file == null ? defaults : over(parsed(file), defaults);
        Config withEnvironment = over(
                source(new EnvironmentVariables(withFile).settings(environment), "environment variables"), withFile);
        Map<String, String> properties = new TreeMap<>();
        system.stringPropertyNames().stream()
                .filter(name -> name.startsWith("aeon."))
                .forEach(name -> properties.put(name, system.getProperty(name)));
        commandLine.keySet().stream()
                .filter(name -> !name.startsWith("aeon."))
                .findFirst()
                .ifPresent(name -> {
                    throw new SettingsException(name, "is not a setting of Aeon; all settings begin with \"aeon.\"");
                });
        Config withProperties = over(source(properties, "system properties"), withEnvironment);
        return over(source(commandLine, "command line"), withProperties);
    }

    static Config defaults() {
        return ConfigFactory.defaultReferenceUnresolved(LOADER)
                .withOnlyPath("aeon")
                .resolve();
    }

    private static Config over(Config above, Config below) {
        return above.withFallback(below).resolve();
    }

    private static Config source(Map<String, ?> settings, String origin) {
        try {
            return MovedSettings.moved(KafkaBlock.ofPaths(settings, origin));
        } catch (ConfigException e) {
            throw new SettingsException(origin + ": " + e.getMessage(), e);
        }
    }

    private static Config parsed(Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new SettingsException(file.toString(), "no such file, or no permission to read it");
        }
        try {
            return MovedSettings.moved(
                    file.toString().endsWith(".properties") ? KafkaBlock.ofProperties(file) : hocon(file));
        } catch (IOException | UncheckedIOException e) {
            throw new SettingsException(file + ": " + e.getMessage(), e);
        } catch (ConfigException e) {
            throw new SettingsException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Config hocon(Path file) {
        Config parsed = KafkaBlock.whole(HoconFile.read(file).resolve());
        parsed.root().keySet().stream()
                .filter(key -> !key.equals("aeon"))
                .findFirst()
                .ifPresent(key -> {
                    throw new SettingsException(
                            file.toString(), "all settings must be inside aeon { }, but the file contains " + key);
                });
        return parsed;
    }
}
