package io.aeon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from. What is said closer to the start wins: command line, system properties, environment, file,
 * defaults.
 */
public final class SettingsSources {
    private SettingsSources() {}

    /** The settings in {@code overrides}, by full path, over the defaults: nothing of this process's surroundings. */
    public static Config given(Map<String, ?> overrides) {
        return over(ConfigFactory.parseMap(overrides, "given settings"), defaults());
    }

    /**
     * All sources of a broker that is started by itself.
     *
     * @param file the configuration file, null for none
     * @param commandLine settings by full path
     * @param system the JVM's properties; those below {@code aeon.} count
     * @param environment the process's environment; those below {@code AEON_} that match a setting count
     * @throws SettingsException the file cannot be read, or a source names what is not Aeon's
     */
    public static Config ofProcess(
            @Nullable Path file, Map<String, String> commandLine, Properties system, Map<String, String> environment) {
        Config defaults = defaults();
        Config withFile = file == null ? defaults : over(parsed(file), defaults);
        Config withEnvironment = over(new EnvironmentVariables(withFile).settings(environment), withFile);
        Map<String, String> properties = new TreeMap<>();
        system.stringPropertyNames().stream()
                .filter(name -> name.startsWith("aeon."))
                .forEach(name -> properties.put(name, system.getProperty(name)));
        commandLine.keySet().stream()
                .filter(name -> !name.startsWith("aeon."))
                .findFirst()
                .ifPresent(name -> {
                    throw new SettingsException(name, "is not a setting of Aeon; they all begin with \"aeon.\"");
                });
        Config withProperties = over(ConfigFactory.parseMap(properties, "system properties"), withEnvironment);
        return over(ConfigFactory.parseMap(commandLine, "command line"), withProperties);
    }

    static Config defaults() {
        return ConfigFactory.defaultReferenceUnresolved(SettingsSources.class.getClassLoader())
                .withOnlyPath("aeon")
                .resolve();
    }

    private static Config over(Config above, Config below) {
        return above.withFallback(below).resolve();
    }

    private static Config parsed(Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new SettingsException(file.toString(), "no such file, or it must not be read");
        }
        try {
            Config parsed = ConfigFactory.parseFile(
                            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve();
            parsed.root().keySet().stream()
                    .filter(key -> !key.equals("aeon"))
                    .findFirst()
                    .ifPresent(key -> {
                        throw new SettingsException(
                                file.toString(), "everything belongs under aeon { }, but it begins with " + key);
                    });
            return parsed;
        } catch (ConfigException e) {
            throw new SettingsException(String.valueOf(e.getMessage()), e);
        }
    }
}
