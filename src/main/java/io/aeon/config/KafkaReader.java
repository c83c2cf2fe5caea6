package io.aeon.config;

import io.aeon.config.KafkaSupport.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code aeon.kafka}: settings that Aeon honours, ignores with a log line, or refuses by name. */
final class KafkaReader {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaReader.class);

    private final SettingsReader block;
    private final Map<String, String> given;

    KafkaReader(SettingsReader block) {
        this.block = block;
        this.given = block.flattened();
    }

    /** @param own Aeon's own settings with Kafka's names */
    KafkaSettings read(Map<String, String> own) {
        given.forEach(this::check);
        Map<String, String> all = new HashMap<>(given);
        all.putAll(own);
        try {
            KafkaSettings settings = new KafkaSettings(all);
            tellWhatHasNoEffect();
            return settings;
        } catch (ConfigException e) {
            String problem = String.valueOf(e.getMessage());
            throw block.wrong(culprit().orElse(problem.split(" ", 2)[0]), problem);
        }
    }

    private void check(String name, String value) {
        KafkaSupport support = KafkaSupport.of(name)
                .orElseThrow(() -> block.wrong(name, "is not a broker setting of Kafka 4.4; leave it out"));
        if (support.kind() == Kind.REFUSED && !isDefault(name, value)) {
            throw block.wrong(name, "is not honoured: " + support.reason());
        }
    }

    private static boolean isDefault(String name, String value) {
        ConfigKey key = KafkaSettings.definition().configKeys().get(name);
        try {
            return key != null && Objects.equals(ConfigDef.parseType(name, value, key.type), key.defaultValue);
        } catch (ConfigException e) {
            return false;
        }
    }

    /** The first setting whose value alone is wrong. */
    private Optional<String> culprit() {
        return given.keySet().stream().filter(this::isWrong).findFirst();
    }

    private boolean isWrong(String name) {
        try {
            new KafkaSettings(Map.of(name, given.getOrDefault(name, "")));
            return false;
        } catch (ConfigException e) {
            return true;
        }
    }

    private void tellWhatHasNoEffect() {
        given.keySet().stream()
                .filter(name -> KafkaSupport.of(name)
                        .filter(support -> support.kind() == Kind.WITHOUT_EFFECT)
                        .isPresent())
                .collect(Collectors.groupingBy(
                        name -> KafkaSupport.of(name).orElseThrow().reason(), TreeMap::new, Collectors.toList()))
                .forEach((reason, names) ->
                        LOG.info("Settings without effect in Aeon: {} ({})", String.join(", ", names), reason));
    }
}
