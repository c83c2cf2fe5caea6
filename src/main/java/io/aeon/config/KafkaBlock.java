package io.aeon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * {@code aeon.kafka} of one source of settings. Each of Kafka's names is one key and no path, because some names are
 * prefixes of others ({@code max.connections} and {@code max.connections.per.ip}).
 */
final class KafkaBlock {
    static final String PATH = "aeon.kafka";
    private static final String PREFIX = PATH + ".";

    private KafkaBlock() {}

    /** The settings by full path, which may be that of a block. A later one takes the place of an earlier one. */
    static Config ofPaths(Map<?, ?> settings, String origin) {
        return ofEntries("", settings, origin);
    }

    /** @param above beginning of the paths; empty or ends with a dot */
    private static Config ofEntries(String above, Map<?, ?> settings, String origin) {
        Config all = ConfigFactory.empty();
        for (Map.Entry<?, ?> setting : settings.entrySet()) {
            all = ofPath(above + setting.getKey(), setting.getValue(), origin).withFallback(all);
        }
        return all;
    }

    private static Config ofPath(String path, Object value, String origin) {
        String block = path + ".";
        if (value instanceof Map<?, ?> settings && (PREFIX.startsWith(block) || block.startsWith(PREFIX))) {
            return ofEntries(block, settings, origin);
        }
        String quoted = path.startsWith(PREFIX) ? pathOf(path.substring(PREFIX.length())) : path;
        return whole(ConfigFactory.parseMap(Collections.singletonMap(quoted, value), origin));
    }

    /** The settings of a server.properties file. */
    static Config ofProperties(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .lines()
                .map(String::strip)
                .toList();
        Config settings = ConfigFactory.empty();
        for (String name : properties.stringPropertyNames()) {
            ConfigValue value = ConfigValueFactory.fromAnyRef(properties.getProperty(name))
                    .withOrigin(ConfigOriginFactory.newFile(file.toString()).withLineNumber(lineOf(name, lines)));
            settings = settings.withValue(pathOf(name), value);
        }
        return settings;
    }

    private static int lineOf(String name, List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            if (line.startsWith(name) && line.substring(name.length()).matches("\\s*[=:\\s].*")) {
                return i + 1;
            }
        }
        return -1;
    }

    /** The same settings, with each of Kafka's names as one key. */
    static Config whole(Config source) {
        if (!source.hasPath(PATH) || source.getValue(PATH).valueType() != ConfigValueType.OBJECT) {
            return source;
        }
        Config whole = ConfigFactory.empty();
        for (Map.Entry<String, ConfigValue> setting : source.getConfig(PATH).entrySet()) {
            whole = whole.withValue(
                    pathOf(String.join(".", ConfigUtil.splitPath(setting.getKey()))), setting.getValue());
        }
        return whole.withFallback(source.withoutPath(PATH));
    }

    static String pathOf(String setting) {
        return PREFIX + ConfigUtil.quoteString(setting);
    }

    /** A value in Kafka's notation: the items of a list are separated by commas. */
    static String text(ConfigValue value) {
        return value.unwrapped() instanceof List<?> items
                ? String.join(",", items.stream().map(String::valueOf).toList())
                : String.valueOf(value.unwrapped()).trim();
    }
}
