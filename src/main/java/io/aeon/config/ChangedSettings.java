package io.aeon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.jspecify.annotations.Nullable;

/** The settings of a broker whose values differ from the defaults. */
public final class ChangedSettings {
    private static final String KAFKA = "aeon.kafka.";
    private static final String HIDDEN = "[hidden]";
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|passwd|secret|credential|token|jaas|keystore\\.key|bootstrap-users).*");

    private ChangedSettings() {}

    /**
     * The values by full path, sorted by path. A value that may be a secret is replaced by a placeholder.
     *
     * @param config a whole configuration, see {@link SettingsSources}
     */
    public static Map<String, String> of(Config config) {
        return changed(config, (value, source) -> value);
    }

    /** The same, with the source of each value behind it in brackets. */
    public static Map<String, String> withSources(Config config) {
        return changed(config, (value, source) -> value + " (" + source + ")");
    }

    private static Map<String, String> changed(Config config, BinaryOperator<String> shown) {
        Map<String, ConfigValue> defaults = values(SettingsSources.defaults());
        Map<String, String> changed = new TreeMap<>();
        values(config).forEach((path, value) -> {
            String text = text(value);
            if (!text.equals(text(defaults.get(path)))) {
                changed.put(
                        path,
                        shown.apply(
                                isSecret(path) ? HIDDEN : text, value.origin().description()));
            }
        });
        return changed;
    }

    private static Map<String, ConfigValue> values(Config config) {
        return config.withOnlyPath("aeon").entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> String.join(".", ConfigUtil.splitPath(entry.getKey())), Map.Entry::getValue));
    }

    private static String text(@Nullable ConfigValue value) {
        if (value == null) {
            return "";
        }
        return value.unwrapped() instanceof List<?> items
                ? items.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value.unwrapped());
    }

    /** The name of a setting of one listener, or of one of its mechanisms, ends in the name that Kafka defines. */
    private static boolean isSecret(String path) {
        return SECRET.matcher(path).matches()
                || (path.startsWith(KAFKA)
                        && KafkaSettings.definition().configKeys().values().stream()
                                .anyMatch(key -> key.type == Type.PASSWORD && path.endsWith("." + key.name)));
    }
}
