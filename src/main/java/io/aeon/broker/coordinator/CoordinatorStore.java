package io.aeon.broker.coordinator;

import io.aeon.coordinator.Effects;
import io.aeon.coordinator.StateMachine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The records of one kind of coordinators in one partition of their topic. Thread-safe. */
public interface CoordinatorStore<C, E extends Effects, L> {
    /** A new state machine for an id without records. */
    StateMachine<C, E, L> absent(String id);

    /**
     * Builds state machines from the records of the log.
     *
     * @param wanted selects the state machines by id
     */
    CompletableFuture<List<StateMachine<C, E, L>>> replay(Predicate<String> wanted);

    /** Whether a new snapshot would shorten the next replay enough. */
    boolean isSnapshotDue();

    /**
     * Takes a snapshot, from which the next replay starts.
     *
     * @param leaderEpoch the partition's leader epoch; the snapshot fails when it changes
     */
    CompletableFuture<Void> takeSnapshot(int leaderEpoch);

    /**
     * Creates the executor of one state machine's effects.
     *
     * @param outcomes receives the outcomes of the effects, on any thread
     */
    Work<E> work(String id, Consumer<C> outcomes);

    /** Carries out effects in the order of their steps. Used by one actor. */
    interface Work<E> {
        void begin(E effects);

        /** The state machine has stopped; effects in progress may still complete. */
        void close();
    }
}
