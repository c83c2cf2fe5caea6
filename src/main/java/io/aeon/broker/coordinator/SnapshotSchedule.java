package io.aeon.broker.coordinator;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.coordinator.CoordinatorsCommand.LookForSnapshots;
import io.aeon.broker.coordinator.CoordinatorsCommand.SnapshotEnded;
import io.aeon.coordinator.Effects;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes snapshots of loaded partitions, one at a time, so that they take little memory and at most one of the threads
 * that may block on the disk. Not thread-safe.
 */
final class SnapshotSchedule<C, E extends Effects, L> {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ActorContext<CoordinatorsCommand<C, E, L>> context;
    private boolean underWay;

    /** The last logged reason for each partition without a new snapshot. */
    private final Map<Integer, String> reasons = new HashMap<>();

    SnapshotSchedule(
            ActorContext<CoordinatorsCommand<C, E, L>> context, TimerScheduler<CoordinatorsCommand<C, E, L>> timers) {
        this.context = context;
        timers.startTimerWithFixedDelay(new LookForSnapshots<>(), INTERVAL);
    }

    /** Starts the snapshot of a partition that needs one, unless one is under way; ends with {@link SnapshotEnded}. */
    void look(Collection<CoordinatorPartition<C, E, L>> partitions) {
        if (underWay) {
            return;
        }
        for (CoordinatorPartition<C, E, L> partition : partitions) {
            if (partition.isLoaded() && partition.store().isSnapshotDue()) {
                underWay = true;
                context.pipeToSelf(
                        partition.store().takeSnapshot(partition.leaderEpoch()),
                        (done, failure) -> new SnapshotEnded<>(partition, failure));
                return;
            }
        }
    }

    /** The snapshot that was under way is over; each reason of a failure is logged once. */
    void ended(CoordinatorPartition<C, E, L> partition, @Nullable Throwable failure) {
        underWay = false;
        if (failure == null) {
            reasons.remove(partition.index());
            return;
        }
        String reason = String.valueOf(Replays.unwrapped(failure));
        if (Replays.isPassing(failure)) {
            context.getLog().debug("{}: no snapshot is taken now: {}", partition, reason);
        } else if (!reason.equals(reasons.put(partition.index(), reason))) {
            context.getLog()
                    .warn("{}: no snapshot can be taken, so that a start reads more of the log: {}", partition, reason);
        }
    }
}
