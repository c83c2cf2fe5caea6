package io.aeon.coordinator.group;

import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Which topics there are now. Thread-safe. */
@FunctionalInterface
public interface TopicIds {
    /** The id of the topic that has this name now, null if there is none. */
    @Nullable
    Uuid of(String topic);

    /**
     * Which offsets committed under this name belong to the topic that has it now, and not to one that had it before: told
     * by the topic's id at the time of the commit, zero if the record does not say, which fits any topic.
     */
    default Predicate<Uuid> present(String topic) {
        Uuid present = of(topic);
        return committed -> present != null && (committed.equals(Uuid.ZERO_UUID) || committed.equals(present));
    }

    /** Whether an offset with this id, as in {@link #present}, belongs to the topic that has the name now. */
    default boolean isPresent(String topic, Uuid committed) {
        return present(topic).test(committed);
    }
}
