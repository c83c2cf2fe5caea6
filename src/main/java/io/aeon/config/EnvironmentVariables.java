package io.aeon.config;

import com.typesafe.config.Config;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings from environment variables: {@code AEON_DATA_DIR} is {@code aeon.data-dir}. */
final class EnvironmentVariables {
    private static final Logger LOG = LoggerFactory.getLogger(EnvironmentVariables.class);
    private static final String PREFIX = "AEON_";
    private static final String OF_THE_LAUNCHER = "AEON_JVM_OPTS";
    private static final String OF_KAFKA = "AEON_KAFKA_";
    /** What Kubernetes gives to a variable AEON_CONSOLE_PORT for a service named aeon-console. */
    private static final Pattern ADDRESS_OF_A_SERVICE = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Config known;

    /** @param known all settings that a variable may set; Kafka's settings are added to them */
    EnvironmentVariables(Config known) {
        this.known = known;
    }

    /**
     * The settings in {@code environment}, by path. An unknown variable is logged and ignored, because a platform may
     * set variables with this prefix (Kubernetes does so for a service named aeon). So is a port whose value is the
     * address of a service (Kubernetes sets AEON_CONSOLE_PORT for a service named aeon-console).
     *
     * @throws SettingsException a variable matches several settings
     */
    Map<String, String> settings(Map<String, String> environment) {
        Map<String, String> given = new TreeMap<>(environment);
        given.keySet().removeIf(variable -> !variable.startsWith(PREFIX) || variable.equals(OF_THE_LAUNCHER));
        if (given.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> pathsByVariable = pathsByVariable();
        Map<String, String> settings = new HashMap<>();
        given.forEach((variable, value) -> {
            if (isOfAService(variable, value)) {
                LOG.warn("Environment variable {} is the address of a service and is ignored", variable);
                return;
            }
            List<String> paths = pathsByVariable.getOrDefault(variable, ofKafka(variable));
            switch (paths.size()) {
                case 0 -> LOG.warn("Environment variable {} matches no setting of Aeon and is ignored", variable);
                case 1 -> settings.put(paths.get(0), value);
                default ->
                    throw new SettingsException(variable, "matches several settings: " + String.join(", ", paths));
            }
        });
        return settings;
    }

    private static boolean isOfAService(String variable, String value) {
        return variable.endsWith("_PORT") && ADDRESS_OF_A_SERVICE.matcher(value).matches();
    }

    private Map<String, List<String>> pathsByVariable() {
        Collection<String> paths = new TreeSet<>();
        known.getConfig("aeon").withoutPath("kafka").entrySet().forEach(entry -> paths.add("aeon." + entry.getKey()));
        KafkaSettings.definition().names().forEach(name -> paths.add("aeon.kafka." + name));
        Map<String, List<String>> byVariable = new HashMap<>();
        paths.forEach(path -> byVariable.merge(variable(path), List.of(path), EnvironmentVariables::joined));
        return byVariable;
    }

    /**
     * A setting that Kafka's definitions do not contain, such as one of a single listener, by the rule of Kafka's
     * container images: two underscores are one, and three are a dash.
     */
    private static List<String> ofKafka(String variable) {
        if (!variable.startsWith(OF_KAFKA)) {
            return List.of();
        }
        String name = variable.substring(OF_KAFKA.length())
                .toLowerCase(Locale.ROOT)
                .replace("_", ".")
                .replace("...", "-")
                .replace("..", "_");
        return KafkaSupport.of(name).isPresent() ? List.of("aeon.kafka." + name) : List.of();
    }

    private static String variable(String path) {
        return path.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static List<String> joined(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
