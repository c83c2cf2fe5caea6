package io.aeon.metadata.configs;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;

/**
 * Kafka's settings of subscriptions to client metrics (KIP-714). The patterns of {@code match} come from clients and
 * are matched with what clients send, so they must also be patterns of RE2, which takes no more time than their length
 * explains.
 */
final class MetricsSubscriptions {
    /** Subscriptions of a cluster; each takes about 100 KiB of heap at most. */
    static final int MOST = 100;

    /** The longest value in characters. */
    private static final int LONGEST_VALUE = 4096;

    private static final String MATCH = "match";

    /** The largest sum of all patterns' lengths, each times its repetition counts, which RE2/J expands. */
    private static final int MOST_EXPANSION = 1000;

    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("\\{(\\d+)(?:,(\\d*))?\\}");

    private MetricsSubscriptions() {}

    /** @throws InvalidRequestException a subscription must have a name of bounded length */
    static void requireName(String name) {
        if (name.isEmpty()) {
            throw new InvalidRequestException("Subscription name can't be empty");
        }
        if (name.length() > LONGEST_VALUE) {
            throw new InvalidRequestException(
                    "The name of the subscription has " + name.length() + " characters, allowed are " + LONGEST_VALUE);
        }
    }

    /**
     * @throws InvalidRequestException Kafka does not know a setting or allow its value
     * @throws ConfigException a value is not of the setting's type
     * @throws InvalidConfigurationException a value is too long, or a pattern is none of Kafka's or of RE2
     */
    static void validate(String name, Map<String, String> settings) {
        settings.forEach((setting, value) -> {
            if (value.length() > LONGEST_VALUE) {
                throw new InvalidConfigurationException("The value of " + setting + " has " + value.length()
                        + " characters, allowed are " + LONGEST_VALUE);
            }
        });
        ClientMetricsConfigs.validate(name, settings);
        String match = settings.get(MATCH);
        if (match != null) {
            requirePatterns((List<?>) ConfigDef.parseType(MATCH, match, ConfigDef.Type.LIST));
        }
    }

    private static void requirePatterns(List<?> attributes) {
        double expansion = 0;
        for (Object each : attributes) {
            String attribute = (String) each;
            String regex = attribute.substring(attribute.indexOf('=') + 1).trim();
            expansion += expansion(regex);
            if (expansion > MOST_EXPANSION) {
                throw new InvalidConfigurationException(
                        "The client matching patterns are too large: their lengths times"
                                + " their repetition counts may be " + MOST_EXPANSION + " together");
            }
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new InvalidConfigurationException(
                        "Illegal client matching pattern: " + attribute + " (RE2: " + e.getDescription() + ")");
            }
        }
    }

    private static double expansion(String regex) {
        double expansion = regex.length();
        Matcher repetitions = REPETITION.matcher(regex);
        while (repetitions.find()) {
            String most = repetitions.group(2);
            String count = most == null || most.isEmpty() ? repetitions.group(1) : most;
            expansion *= Math.max(1, Double.parseDouble(count));
        }
        return expansion;
    }

    /** The settings of a subscription, in alphabetical order. */
    static Collection<ConfigKey> settings() {
        return new TreeMap<>(ClientMetricsConfigs.configDef().configKeys()).values();
    }
}
