package io.aeon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads typed values with limits from one block of the configuration. Every error names the value's full path. */
final class SettingsReader {
    private static final Pattern ADDRESS = Pattern.compile("\\[?([^/\\]]+?)]?:(\\d{1,5})");

    private final Config block;
    private final String prefix;

    /** @param prefix path of {@code block} in the whole configuration, for error messages */
    SettingsReader(Config block, String prefix) {
        this.block = block;
        this.prefix = prefix;
    }

    SettingsReader block(String key) {
        return new SettingsReader(value(key, "a block { }", Config::getConfig), path(key));
    }

    /** This block; missing values come from {@code defaults}. */
    SettingsReader over(ConfigObject defaults) {
        return new SettingsReader(block.withFallback(defaults), prefix);
    }

    String path(String key) {
        return prefix.isEmpty() ? key : prefix + "." + key;
    }

    Set<String> names() {
        return new TreeSet<>(block.root().keySet());
    }

    Config config() {
        return block;
    }

    /** All values of this block and its inner blocks as text, by their path relative to this block. */
    Map<String, String> flattened() {
        Map<String, String> values = new TreeMap<>();
        block.entrySet()
                .forEach(entry -> values.put(
                        String.join(".", ConfigUtil.splitPath(entry.getKey())), KafkaBlock.text(entry.getValue())));
        return values;
    }

    String text(String key) {
        return value(key, "a single value", Config::getString).trim();
    }

    /** The items of a list in HOCON's notation, or of a text with commas between them. */
    List<String> texts(String key) {
        ConfigValue given = block.root().get(key);
        if (given != null && given.valueType() == ConfigValueType.LIST) {
            return value(key, "a list of texts", Config::getStringList);
        }
        String text = text(key);
        return text.isEmpty() ? List.of() : List.of(text.split("\\s*,\\s*", -1));
    }

    /** Addresses in the form {@code HOST:PORT}, as a list or separated by commas; the hosts are not resolved. */
    List<InetSocketAddress> addresses(String key) {
        return texts(key).stream().map(entry -> address(key, entry.trim())).toList();
    }

    private InetSocketAddress address(String key, String entry) {
        Matcher parts = ADDRESS.matcher(entry);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
            throw wrong(key, "\"" + entry + "\" is not an address such as controller.example:9093");
        }
        HostName.check(parts.group(1)).ifPresent(problem -> {
            throw wrong(key, problem);
        });
        return InetSocketAddress.createUnresolved(parts.group(1), Integer.parseInt(parts.group(2)));
    }

    int number(String key, int least, int most) {
        int number = value(key, "a whole number", Config::getInt);
        if (number < least || number > most) {
            throw wrong(key, number + " is not between " + least + " and " + most);
        }
        return number;
    }

    boolean isTrue(String key) {
        return value(key, "true or false", Config::getBoolean);
    }

    long bytes(String key, long least) {
        long bytes = value(key, "a number of bytes such as 64MiB", Config::getBytes);
        if (bytes < least) {
            throw wrong(key, "must be at least " + least + " bytes");
        }
        return bytes;
    }

    /** A number of bytes, given directly or as a percentage of {@code whole}. */
    long bytesOrShare(String key, long whole, long least) {
        String given = text(key);
        if (!given.endsWith("%")) {
            return bytes(key, least);
        }
        int percent;
        try {
            percent = Integer.parseInt(given.substring(0, given.length() - 1).trim());
        } catch (NumberFormatException e) {
            throw wrong(key, "\"" + given + "\" is neither a size (64MiB) nor a percentage (25%)");
        }
        if (percent < 1 || percent > 100) {
            throw wrong(key, given + " is not between 1% and 100%");
        }
        return Math.max(least, whole / 100 * percent);
    }

    Duration duration(String key, Duration least) {
        Duration duration = value(key, "a time such as 500ms or 5m", Config::getDuration);
        if (duration.compareTo(least) < 0) {
            throw wrong(key, "must be at least " + least.toMillis() + " ms");
        }
        if (duration.compareTo(KafkaSettings.LONGEST) > 0) {
            throw wrong(key, "must be at most " + KafkaSettings.LONGEST.toDays() + " days");
        }
        return duration;
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
        String given = text(key);
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> given.equals(spelled(constant)))
                .findFirst()
                .orElseThrow(() -> wrong(
                        key,
                        "\"" + given + "\" is not one of "
                                + String.join(
                                        ", ",
                                        Arrays.stream(type.getEnumConstants())
                                                .map(SettingsReader::spelled)
                                                .toList())));
    }

    /** @param path dotted path relative to this block */
    void requireNumber(String path) {
        require(path, "a number", Config::getNumber);
    }

    /** @param path dotted path relative to this block */
    void requireSwitch(String path) {
        require(path, "on or off", Config::getBoolean);
    }

    private void require(String path, String expected, BiFunction<Config, String, ?> getter) {
        try {
            var unused = getter.apply(block, path);
        } catch (ConfigException e) {
            ConfigValue value = block.getValue(path);
            throw SettingsException.at(
                    path(path), value.render(ConfigRenderOptions.concise()) + " is not " + expected, value);
        }
    }

    SettingsException wrong(String key, String problem) {
        return SettingsException.at(path(key), problem, block.root().get(key));
    }

    private <T> T value(String key, String expected, BiFunction<Config, String, T> getter) {
        try {
            return getter.apply(block, ConfigUtil.quoteString(key));
        } catch (ConfigException.Missing e) {
            throw wrong(key, "is missing");
        } catch (ConfigException e) {
            throw wrong(key, given(key) + " is not " + expected);
        }
    }

    private String given(String key) {
        ConfigValue value = block.root().get(key);
        return value == null ? "this" : value.render(ConfigRenderOptions.concise());
    }

    private static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
