package io.aeon.test.junit;

import io.aeon.test.AeonBroker;
import io.aeon.test.AeonBrokerBuilder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a test class asks for.
 *
 * @param settings settings of the broker by their full path, those that were set last at the end
 * @param topics number of partitions by the topic's name
 */
record BrokerPlan(BrokerScope scope, Map<String, Object> settings, Map<String, Integer> topics) {
    BrokerPlan {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        topics = Map.copyOf(topics);
    }

    static BrokerPlan of(AeonTest annotation) {
        BrokerPlan plan = new BrokerPlan(annotation.scope(), Map.of(), Map.of());
        for (String setting : annotation.settings()) {
            int equals = setting.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("the setting \"" + setting + "\" is not of the form path=value");
            }
            plan = plan.withSetting(
                    setting.substring(0, equals).trim(),
                    setting.substring(equals + 1).trim());
        }
        for (String topic : annotation.topics()) {
            plan = plan.withTopic(topic, annotation.partitions());
        }
        return plan;
    }

    BrokerPlan withSetting(String path, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(settings);
        more.remove(path);
        more.put(path, value);
        return new BrokerPlan(scope, more, topics);
    }

    BrokerPlan withTopic(String name, int partitions) {
        Map<String, Integer> more = new LinkedHashMap<>(topics);
        more.put(name, partitions);
        return new BrokerPlan(scope, settings, more);
    }

    /** Equal for plans that may use the same broker. A store also finds what the stores above it have. */
    Object key() {
        return List.of(scope, settings);
    }

    /**
     * Whether {@code broker}, which has the settings of this plan, is as one that this plan would start: no test has
     * called its control, and no topic of the plan has another number of partitions.
     */
    boolean fits(AeonBroker broker) {
        return !broker.isControlled()
                && topics.entrySet().stream().allMatch(topic -> {
                    int existing = broker.partitions(topic.getKey());
                    return existing == 0 || existing == topic.getValue();
                });
    }

    AeonBroker start() {
        AeonBrokerBuilder builder = AeonBroker.builder();
        settings.forEach(builder::set);
        return builder.start();
    }
}
