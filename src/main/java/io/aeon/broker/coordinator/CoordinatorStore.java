package io.aeon.broker.coordinator;

import io.aeon.coordinator.Effects;
import io.aeon.coordinator.StateMachine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One partition of a coordinator topic, as one kind of coordinators keeps its records there. Thread-safe. */
public interface CoordinatorStore<C, E extends Effects, L> {
    /** A state machine of what does not exist yet. */
    StateMachine<C, E, L> absent(String id);

    /**
     * Builds state machines from all that the log holds now.
     *
     * @param wanted which ones, by id
     */
    CompletableFuture<List<StateMachine<C, E, L>>> replay(Predicate<String> wanted);

    /**
     * What carries out the effects of one state machine.
     *
     * @param outcomes told what becomes of them, on any thread
     */
    Work<E> work(String id, Consumer<C> outcomes);

    /** Carries out effects in the order of their steps. Used by one actor. */
    interface Work<E> {
        void begin(E effects);

        /** The state machine serves no more; what is under way may still happen. */
        void close();
    }
}
