package io.aeon.broker.coordinator;

import io.aeon.coordinator.Effects;
import io.aeon.metadata.ImageChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The parts of {@link CoordinatorRuntime} that differ between kinds of coordinators (groups, transactional ids).
 *
 * @param <C> commands of the state machine
 * @param <E> effects of its steps
 * @param <L> listing of one coordinator
 */
public interface CoordinatorKind<C, E extends Effects, L> {
    /** The name of one coordinator of this kind in log lines. */
    String noun();

    /** The topic that stores the records of this kind. */
    String topic();

    /** Opens one partition of the topic; its replay follows. */
    CoordinatorStore<C, E, L> store(int partition);

    /** The commands that all coordinators of this kind receive periodically. */
    List<Periodic<C>> periodic();

    /** The command that all coordinators of this kind receive after a metadata change; empty if there is none. */
    default Optional<C> onChange(ImageChange change) {
        return Optional.empty();
    }

    /** A command for all coordinators, and its interval. */
    record Periodic<C>(C command, Duration every) {}
}
