package io.aeon.config;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** All broker settings of Kafka, by its names, definitions and defaults. {@link KafkaSupport} tells what they do here. */
public final class KafkaSettings extends AbstractConfig {
    /** What Kafka has to be told and every node of Aeon is. */
    private static final Map<String, String> ROLES = Map.of(
            "node.id", "1",
            "process.roles", "broker,controller",
            "controller.listener.names", "CONTROLLER");

    /**
     * @param values given values by Kafka's names; those Kafka does not know are kept aside
     * @throws org.apache.kafka.common.config.ConfigException a value is not what Kafka allows, or several do not go
     *     together; the message is Kafka's
     */
    public KafkaSettings(Map<String, ?> values) {
        super(definition(), completed(values), false);
        KafkaBounds.check(this);
    }

    private static Map<String, Object> completed(Map<String, ?> values) {
        Map<String, Object> complete = new HashMap<>(ROLES);
        complete.putAll(values);
        return complete;
    }

    /** Kafka's own definition of its broker settings. */
    public static ConfigDef definition() {
        return KafkaDefinitions.BROKER;
    }
}
