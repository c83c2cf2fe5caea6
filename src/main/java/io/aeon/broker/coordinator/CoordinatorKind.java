package io.aeon.broker.coordinator;

import io.aeon.coordinator.Effects;
import io.aeon.metadata.ImageChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one kind of coordinators (of groups, of transactional ids) adds to {@link CoordinatorRuntime}.
 *
 * @param <C> what a state machine can be told
 * @param <E> what its steps lead to
 * @param <L> how it is listed
 */
public interface CoordinatorKind<C, E extends Effects, L> {
    /** What one of them is called in the broker's log. */
    String noun();

    /** Name of the topic that keeps their records. */
    String topic();

    /** Opens one partition of the topic, which is to be replayed next. */
    CoordinatorStore<C, E, L> store(int partition);

    /** What all of them are told from time to time. */
    List<Periodic<C>> periodic();

    /** What all of them are told of a change of the metadata. */
    default Optional<C> onChange(ImageChange change) {
        return Optional.empty();
    }

    /** A command for all, and the time between two of them. */
    record Periodic<C>(C command, Duration every) {}
}
