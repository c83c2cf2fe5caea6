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
import org.jspecify.annotations.Nullable;

/** Has partitions and single state machines replayed, and tries again what failed. Not thread-safe. */
final class Replays<C, E extends Effects, L> {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final String noun;
    private final Supplier<Now> clock;
    private final ActorContext<CoordinatorsCommand<C, E, L>> context;
    private final TimerScheduler<CoordinatorsCommand<C, E, L>> timers;
    private final Backoff<Integer> ofPartitions = new Backoff<>(0, FIRST_PAUSE, LONGEST_PAUSE);
    private final Backoff<String> ofIds = new Backoff<>(1, FIRST_PAUSE, LONGEST_PAUSE);

    /** Why partitions could not be loaded when that was logged last. */
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

    /** {@link Loaded} follows. */
    void load(CoordinatorPartition<C, E, L> partition) {
        context.pipeToSelf(
                partition.store().replay(id -> true),
                (machines, failure) -> new Loaded<>(partition, machines, failure));
    }

    void loaded(CoordinatorPartition<C, E, L> partition) {
        ofPartitions.forget(partition.index());
        reasons.remove(partition.index());
    }

    /** What cannot be read is named once, and not read again by everyone who asks. */
    void loadAgain(CoordinatorPartition<C, E, L> partition, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        String reason = String.valueOf(cause);
        if (isPassing(cause)) {
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

    /** The partition is about to be led from here, or not any more; or the broker stops. */
    private static boolean isPassing(@Nullable Throwable cause) {
        return cause instanceof InvalidMetadataException || cause instanceof RejectedExecutionException;
    }

    /** {@link Replayed} follows. */
    void replay(CoordinatorPartition<C, E, L> partition, String id) {
        partition.replaying(id);
        context.pipeToSelf(
                partition.store().replay(id::equals),
                (machines, failure) -> new Replayed<>(partition, id, machines, failure));
    }

    /** A state machine has failed: it is replayed, the later the more often that happens. */
    void again(CoordinatorPartition<C, E, L> partition, String id) {
        Duration pause = ofIds.failed(id, clock.get().elapsedMs());
        partition.failed(id, pause.isZero());
        context.getLog().debug("{} {} is replayed in {}", noun, Printable.of(id), pause);
        timers.startSingleTimer(Replay.class + id, new Replay<>(partition, id), pause);
    }
}
