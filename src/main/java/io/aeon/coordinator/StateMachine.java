package io.aeon.coordinator;

import java.util.Optional;

/**
 * One group or one transactional id: a command and the time in, records and replies out. What is stored of it changes by
 * its records alone, and by the same code for a record read from the log and for a new one that has become durable.
 *
 * <p>Not thread-safe. An exception leaves it unusable: refuse those who wait and replay it from the log.
 *
 * @param <C> what it can be told
 * @param <E> what a step leads to
 * @param <L> how it is listed
 */
public interface StateMachine<C, E extends Effects, L> {
    /** The group id or the transactional id. */
    String id();

    /** Begins to serve after a replay. */
    E start(Now now);

    E step(C command, Now now);

    /** {@link #nextDeadline} is reached, or may be. */
    E tick(Now now);

    /** When to call {@link #tick}, in {@link Now#elapsedMs}; it may come too early. Empty: not at all. */
    Optional<Long> nextDeadline();

    /** Whether {@link #start} or time alone would change something after a replay. */
    boolean hasWork();

    /** Nothing goes on and nobody waits: all there is of it is in the log. */
    boolean isIdle();

    /** It does not exist, neither here nor in the log. */
    boolean isVacant();

    /** Whether a command that nobody waits on would change anything. */
    boolean concerns(C command, Now now);

    /** Empty if it does not exist. */
    Optional<L> listing();
}
