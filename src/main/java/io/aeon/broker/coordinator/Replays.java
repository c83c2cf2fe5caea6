package io.aeon.broker.coordinator;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.coordinator.CoordinatorsCommand.Load;
import io.aeon.broker.coordinator.CoordinatorsCommand.Loaded;
import io.aeon.broker.coordinator.CoordinatorsCommand.Replay;
import io.aeon.broker.coordinator.CoordinatorsCommand.Replayed;
import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Now;
import io.aeon.logging.Printable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.jspecify.annotations.Nullable;

/** Starts the replay of partitions and of single state machines, and retries failed ones. Not thread-safe. */
final class Replays<C, E extends Effects, L> {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final String noun;
    private final Supplier<Now> clock;
    private final ActorContext<CoordinatorsCommand<C, E, L>> context;
    private final TimerScheduler<CoordinatorsCommand<C, E, L>> timers;
    private final Backoff<Integer> ofPartitions = new Backoff<>(0, FIRST_PAUSE, LONGEST_PAUSE);
    private final Backoff<String> ofIds = new Backoff<>(1, FIRST_PAUSE, LONGEST_PAUSE);

    /** The last logged reason for each partition that could not be loaded. */
    private final Map<Integer, String> reasons = new HashMap<>();

    Replays(
            String noun,
            Supplier<Now> clock,
            ActorContext<CoordinatorsCommand<C, E, L>> context,
            TimerScheduler<CoordinatorsCommand<C, E, L>> timers) {
        this.noun = noun;
        this.clock = clock;
        this.context = context;
        this.timers = timers;
    }

    /** Starts to load a partition; ends with {@link Loaded}. */
    void load(CoordinatorPartition<C, E, L> partition) {
        context.pipeToSelf(
                partition.store().replay(id -> true),
                (machines, failure) -> new Loaded<>(partition, machines, failure));
    }

    void loaded(CoordinatorPartition<C, E, L> partition) {
        ofPartitions.forget(partition.index());
        reasons.remove(partition.index());
    }

    /** Schedules the next try to load a partition. Each reason is logged once, and requests cause no further reads. */
    void loadAgain(CoordinatorPartition<C, E, L> partition, @Nullable Throwable failure) {
        String reason = String.valueOf(unwrapped(failure));
        if (isPassing(failure)) {
            context.getLog().debug("{} cannot be loaded yet: {}", partition, reason);
        } else {
            partition.unreadable();
            if (!reason.equals(reasons.put(partition.index(), reason))) {
                context.getLog().error("{} cannot be loaded: {}", partition, reason);
            }
        }
        Duration pause = ofPartitions.failed(partition.index(), clock.get().elapsedMs());
        timers.startSingleTimer(partition, new Load<>(partition), pause);
    }

    static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    /**
     * Whether the cause is temporary: this broker is just becoming or ceasing to be the leader, or the broker is
     * stopping.
     */
    static boolean isPassing(@Nullable Throwable failure) {
        Throwable cause = unwrapped(failure);
        return cause instanceof InvalidMetadataException
                || cause instanceof UnknownLeaderEpochException
                || cause instanceof RejectedExecutionException;
    }

    /** Starts the replay of one state machine; ends with {@link Replayed}. */
    void replay(CoordinatorPartition<C, E, L> partition, String id) {
        partition.replaying(id);
        context.pipeToSelf(
                partition.store().replay(id::equals),
                (machines, failure) -> new Replayed<>(partition, id, machines, failure));
    }

    /** Schedules the replay of a failed state machine; the pause grows with each failure. */
    void again(CoordinatorPartition<C, E, L> partition, String id) {
        Duration pause = ofIds.failed(id, clock.get().elapsedMs());
        partition.failed(id, pause.isZero());
        context.getLog().debug("{} {} is replayed in {}", noun, Printable.of(id), pause);
        timers.startSingleTimer(Replay.class + id, new Replay<>(partition, id), pause);
    }
}
