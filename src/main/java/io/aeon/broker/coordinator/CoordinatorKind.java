package io.aeon.broker.coordinator;

import io.aeon.coordinator.Effects;
import io.aeon.coordinator.HeapShare;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ImageChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /** What all coordinators of this kind may take. */
    HeapShare heap();

    /** The answer to a request that would create a coordinator beyond {@link #heap}. */
    Errors full();

    /** The topic that stores the records of this kind. */
    String topic();

    /**
     * Opens one partition of the topic; its replay follows.
     *
     * @param role the partition in the metadata, which this broker begins to lead
     */
    CoordinatorStore<C, E, L> store(TopicIdPartition partition, Partition role);

    /** The commands that all coordinators of this kind receive periodically. */
    List<Periodic<C>> periodic();

    /** The command that all coordinators of this kind receive after a metadata change; empty if there is none. */
    default Optional<C> onChange(ImageChange change) {
        return Optional.empty();
    }

    /**
     * The command to all coordinators that has the effect of both, also where other commands came in between; empty if
     * there is none.
     */
    default Optional<C> merged(C earlier, C later) {
        return earlier.equals(later) ? Optional.of(earlier) : Optional.empty();
    }

    /**
     * A share whose refusals are logged.
     *
     * @param nouns the coordinators in the log
     * @param setting its key in Aeon's settings
     */
    static HeapShare heapShare(String nouns, String setting, long most) {
        Logger logger = LoggerFactory.getLogger(CoordinatorRuntime.class);
        return new HeapShare(
                most,
                System::nanoTime,
                refused -> logger.warn(
                        "{} requests that would create or enlarge {} were refused: these take the {} bytes of heap that"
                                + " {} allows",
                        refused,
                        nouns,
                        most,
                        setting));
    }

    /** A command for all coordinators, and its interval. */
    record Periodic<C>(C command, Duration every) {}
}
