package io.aeon.coordinator.group.environment;

import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The ids of the present topics. Thread-safe. */
@FunctionalInterface
public interface TopicIds {
    /** The id of the present topic with this name, null if there is none. */
    @Nullable
    Uuid of(String topic);

    /**
     * Tests whether an offset that was committed under this name belongs to the present topic, and not to a deleted
     * one. The argument is the topic id at the time of the commit; zero, in a record without a topic id, matches any
     * topic.
     */
    default Predicate<Uuid> present(String topic) {
        Uuid present = of(topic);
        return committed -> present != null && (committed.equals(Uuid.ZERO_UUID) || committed.equals(present));
    }

    /** Whether an offset with this id, as in {@link #present}, belongs to the present topic. */
    default boolean isPresent(String topic, Uuid committed) {
        return present(topic).test(committed);
    }
}
