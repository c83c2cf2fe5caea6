package io.aeon.config;

import io.aeon.config.KafkaSupport.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A list of Kafka's settings, by their names and by prefixes of names, with their effect. Not changed once it is
 * filled.
 */
final class SupportTable {
    private final Map<String, KafkaSupport> exact = new HashMap<>();
    private final Map<String, KafkaSupport> families = new HashMap<>();

    /**
     * Adds settings that are handled alike.
     *
     * @param names with spaces between them; one that ends in a star is a prefix
     */
    void add(Kind kind, String reason, String names) {
        KafkaSupport support = new KafkaSupport(kind, reason);
        for (String name : names.trim().split("\\s+", -1)) {
            boolean isPrefix = name.endsWith("*");
            Map<String, KafkaSupport> settings = isPrefix ? families : exact;
            if (settings.put(isPrefix ? name.substring(0, name.length() - 1) : name, support) != null) {
                throw new IllegalStateException(name + " is listed twice");
            }
        }
    }

    /** The effect of a setting: by its name, or else by the longest prefix. */
    Optional<KafkaSupport> of(String setting) {
        KafkaSupport known = exact.get(setting);
        return known != null
                ? Optional.of(known)
                : families.entrySet().stream()
                        .filter(family -> setting.startsWith(family.getKey()))
                        .max(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue);
    }

    /** All names and prefixes. */
    Stream<String> listed() {
        return Stream.concat(exact.keySet().stream(), families.keySet().stream());
    }
}
