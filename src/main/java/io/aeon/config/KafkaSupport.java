package io.aeon.config;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The effect of one of Kafka's settings of brokers, topics and groups in Aeon, with a reason. {@link BrokerSupport} and
 * {@link TopicSupport} are the only lists of them: the start, a change at run time and the test over Kafka's
 * definitions use these.
 *
 * @param kind how a given value is handled
 * @param reason the reason, for the user who sets the value
 */
public record KafkaSupport(Kind kind, String reason) {
    /** How a given value is handled. */
    public enum Kind {
        /** The setting has Kafka's effect. */
        HONOURED,
        /** The value is moved to Aeon's own setting with the same meaning. */
        MOVED,
        /** The setting has no meaning in Aeon: it is accepted, and a log line states this. */
        WITHOUT_EFFECT,
        /** Only Kafka's default is accepted: Aeon does not have the effect of any other value. */
        REFUSED
    }

    /** The effect of a broker setting; empty if neither Kafka's broker nor its listeners have this name. */
    public static Optional<KafkaSupport> of(String setting) {
        return BrokerSupport.SETTINGS.of(setting);
    }

    /** The effect of a topic setting; empty if Kafka has no topic setting of this name. */
    public static Optional<KafkaSupport> ofTopic(String setting) {
        return TopicSupport.TOPICS.of(setting);
    }

    /** The effect of a setting of groups. */
    public static KafkaSupport ofGroup(String setting) {
        return TopicSupport.GROUPS.of(setting).orElse(TopicSupport.OF_OTHER_GROUPS);
    }

    /** All names and name prefixes of broker settings in these lists. */
    static Stream<String> listed() {
        return BrokerSupport.SETTINGS.listed();
    }
}
