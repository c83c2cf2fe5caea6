package io.aeon.coordinator;

import java.util.Optional;

/**
 * One group or one transactional id: a command and the time in, records and replies out. Only its records change its
 * durable state, by the same code for a record that is replayed from the log and for a new record that has become
 * durable.
 *
 * <p>Not thread-safe. After an exception it must not be used: refuse its waiting requests and replay it from the log.
 *
 * @param <C> type of its commands
 * @param <E> type of the effects of a step
 * @param <L> type of its entry in a list
 */
public interface StateMachine<C, E extends Effects, L> {
    /** The group id or the transactional id. */
    String id();

    /** Starts to serve commands after a replay. */
    E start(Now now);

    E step(C command, Now now);

    /** Handles the deadlines that are due; {@link #nextDeadline} may not be reached yet. */
    E tick(Now now);

    /** Time of the next {@link #tick} in {@link Now#elapsedMs}, or an earlier time; empty if none is needed. */
    Optional<Long> nextDeadline();

    /** Whether {@link #start} or the passage of time would change something after a replay. */
    boolean hasWork();

    /** Whether no work and no request is pending, so that all state is in the log. */
    boolean isIdle();

    /** Whether it does not exist, neither here nor in the log. */
    boolean isVacant();

    /** Whether a command without an answer would change anything. */
    boolean concerns(C command, Now now);

    /** Whether a request only reads, so that {@link #step} answers it at once and changes nothing. */
    default boolean onlyReads(C request) {
        return false;
    }

    /** Estimated bytes of heap that it takes; constant between two steps. */
    long heapBytes();

    /** Its entry in a list, empty if it does not exist. */
    Optional<L> listing();
}
