package io.aeon.metadata.configs;

import java.util.Map;
import java.util.function.UnaryOperator;

/** What the node that receives a request requires of changes to brokers' settings, before it asks the controller. */
@FunctionalInterface
public interface BrokerChanges {
    /** A controller takes changes to every broker's settings, and knows the settings of none. */
    BrokerChanges AT_CONTROLLER = (broker, change) -> {};

    /**
     * Checks a change that consists of valid values for settings that can be changed at run time.
     *
     * @param broker id of the broker whose settings change; empty for the cluster-wide ones
     * @param change gives the stored settings after the change, from those before it
     * @throws org.apache.kafka.common.errors.InvalidRequestException the change is refused; the message is Kafka's
     */
    void check(String broker, UnaryOperator<Map<String, String>> change);
}
