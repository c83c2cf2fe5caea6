package io.aeon.api.telemetry;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.aeon.logging.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator wants to know of clients (KIP-714).
 *
 * @param metrics prefixes of metrics' names; {@link #ALL} alone means all metrics
 * @param intervalMs milliseconds between two pushes of a client
 * @param match attributes of clients with the patterns that they must match; empty for all clients
 */
record Subscription(List<String> metrics, int intervalMs, Map<ClientAttribute, Pattern> match) {
    static final String ALL = "*";
    static final int DEFAULT_INTERVAL_MS = 300_000;

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final Pattern NOTHING = Pattern.compile("[^\\x00-\\x{10FFFF}]");
    private static final int HEAP_OF_A_NAME = 100;

    /** @param settings valid settings of the subscription, by Kafka's names */
    static Subscription of(Map<String, String> settings) {
        Map<ClientAttribute, Pattern> match = new HashMap<>();
        for (String each : list("match", settings.get("match"))) {
            int sign = each.indexOf('=');
            match.put(
                    ClientAttribute.named(each.substring(0, sign).trim()),
                    pattern(each.substring(sign + 1).trim()));
        }
        String interval = settings.get("interval.ms");
        return new Subscription(
                list("metrics", settings.get("metrics")),
                interval == null ? DEFAULT_INTERVAL_MS : Integer.parseInt(interval.trim()),
                Map.copyOf(match));
    }

    /** A data directory of Apache Kafka may have patterns that RE2 does not have. */
    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            LOG.warn(
                    "A subscription to client metrics is for nobody: {} is no RE2 pattern ({})",
                    Printable.of(regex),
                    e.getDescription());
            return NOTHING;
        }
    }

    private static List<String> list(String setting, @Nullable String value) {
        List<?> parsed =
                (List<?>) ConfigDef.parseType(setting, Objects.requireNonNullElse(value, ""), ConfigDef.Type.LIST);
        return Objects.requireNonNull(parsed).stream().map(String.class::cast).toList();
    }

    boolean isFor(TelemetrySender sender) {
        return match.entrySet().stream().allMatch(each -> sender.matches(each.getKey(), each.getValue()));
    }

    /** Heap that the names of the metrics take in an answer, in bytes. */
    long heapBytes() {
        return metrics.stream()
                .mapToLong(name -> HEAP_OF_A_NAME + 2L * name.length())
                .sum();
    }
}
