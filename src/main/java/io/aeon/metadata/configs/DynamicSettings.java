package io.aeon.metadata.configs;

import io.aeon.config.KafkaSettings;
import io.aeon.metadata.ClusterImage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's settings with those that are changed while it runs (KIP-226). What is stored and cannot count here, for
 * example in the metadata of an imported Kafka node, is logged and ignored, as in Kafka. Thread-safe.
 */
public final class DynamicSettings implements BrokerChanges {
    private static final Logger logger = LoggerFactory.getLogger(DynamicSettings.class);

    private final int nodeId;
    private final Map<String, Object> given;
    private volatile List<Map<String, String>> stored = List.of(Map.of(), Map.of());
    private volatile KafkaSettings current;

    /** @param atStart the settings that the broker was started with */
    public DynamicSettings(int nodeId, KafkaSettings atStart) {
        this.nodeId = nodeId;
        this.given = atStart.originals();
        this.current = atStart;
    }

    /** The settings that count now; the same object as long as none has changed. */
    public KafkaSettings current() {
        return current;
    }

    /** Applies the dynamic settings of an image. One thread at a time calls this. */
    public void apply(ClusterImage image) {
        List<Map<String, String>> now =
                List.of(image.brokerOverrides(""), image.brokerOverrides(Integer.toString(nodeId)));
        if (now.equals(stored)) {
            return;
        }
        stored = now;
        try {
            KafkaSettings next = BrokerConfigs.together(given, usable(now.get(0)), usable(now.get(1)));
            tell(current, next);
            current = next;
        } catch (ConfigException e) {
            logger.warn(
                    "The stored dynamic settings {} and {} contradict those of the start and are ignored: {}",
                    now.get(0).keySet(),
                    now.get(1).keySet(),
                    e.getMessage());
        }
    }

    /** Refuses changes to other brokers' settings, and those with which this broker would not go on. */
    @Override
    public void check(String broker, UnaryOperator<Map<String, String>> change) {
        if (!broker.isEmpty() && Integer.parseInt(broker) != nodeId) {
            throw new InvalidRequestException("Unexpected broker id, expected " + nodeId + ", but received " + broker);
        }
        List<Map<String, String>> before = stored;
        Map<String, String> clusterWide = usable(before.get(0));
        Map<String, String> ofBroker = usable(before.get(1));
        try {
            KafkaSettings next = broker.isEmpty()
                    ? BrokerConfigs.together(given, change.apply(clusterWide), ofBroker)
                    : BrokerConfigs.together(given, clusterWide, change.apply(ofBroker));
            next.checkStepFrom(current);
        } catch (ConfigException e) {
            throw new InvalidRequestException(e.getMessage());
        }
    }

    private static Map<String, String> usable(Map<String, String> stored) {
        Map<String, String> usable = new TreeMap<>();
        TreeSet<String> ignored = new TreeSet<>();
        stored.forEach((name, value) -> {
            if (BrokerConfigs.isDynamic(name) && BrokerConfigs.isValid(name, value)) {
                usable.put(name, value);
            } else {
                ignored.add(name);
            }
        });
        if (!ignored.isEmpty()) {
            logger.warn("The stored dynamic settings {} cannot be changed at run time here and are ignored", ignored);
        }
        return usable;
    }

    private static void tell(KafkaSettings before, KafkaSettings after) {
        new TreeMap<>(after.values()).forEach((name, value) -> {
            Object old = before.values().get(name);
            if (!Objects.equals(old, value)) {
                logger.info("The setting {} is now {}, before {}", name, value, old);
            }
        });
    }
}
