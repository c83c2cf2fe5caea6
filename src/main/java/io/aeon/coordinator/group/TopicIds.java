package io.aeon.coordinator.group;

import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Which topics there are now. Thread-safe. */
@FunctionalInterface
public interface TopicIds {
    /** The id of the topic that has this name now, null if there is none. */
    @Nullable
    Uuid of(String topic);

    /**
     * Whether an offset belongs to the topic that has this name now, and not to one that had it before.
     *
     * @param committed id of the topic at the time of the commit; zero if the record does not say, which fits any topic
     */
    default boolean isPresent(String topic, Uuid committed) {
        Uuid present = of(topic);
        return present != null && (committed.equals(Uuid.ZERO_UUID) || committed.equals(present));
    }
}
