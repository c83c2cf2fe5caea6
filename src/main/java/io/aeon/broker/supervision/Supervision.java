package io.aeon.broker.supervision;

import akka.actor.typed.Behavior;
import akka.actor.typed.RestartSupervisorStrategy;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restarts after an exception. A helper, without which clients are still served, comes back with backoff for as long as
 * the broker runs. A parent, without which they are not, comes back at once, {@link #PARENT_RESTARTS} times within
 * {@link #WINDOW}; then it stops, and its watcher has to stop the broker. In both cases nobody waits any longer for the
 * answer to the message that failed.
 */
public final class Supervision {
    /** Restarts of a parent within {@link #WINDOW}; one more failure stops it. */
    public static final int PARENT_RESTARTS = 5;

    /** Time in which a parent's restarts are counted. */
    public static final Duration WINDOW = Duration.ofMinutes(1);

    /** Failures of a helper after which it counts as down. */
    static final int HELPER_TRIES = 5;

    /** Longest time until a helper that is down is tried again, and how long one has to run for its failures to be forgotten. */
    static final Duration LONGEST_BACKOFF = Duration.ofMinutes(10);

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final double JITTER = 0.1;

    /** Messages that wait for a helper which is down: one of each partition that a broker may have. */
    private static final int STASH = 100_000;

    private static final Logger logger = LoggerFactory.getLogger(Supervision.class);

    private Supervision() {}

    /**
     * Restarts a helper after 1 s, 2 s, 4 s and so on, at most 10 minutes. What it is told meanwhile waits for it.
     *
     * @param name what the log calls it
     * @param loss what does not happen while it is down
     * @param nanoTime a clock that only goes forward
     */
    public static <T> Behavior<T> helper(
            Behavior<T> behavior, Class<? super T> protocol, String name, String loss, LongSupplier nanoTime) {
        return helper(behavior, protocol, name, loss, nanoTime, FIRST_BACKOFF);
    }

    /** @param first time until the first restart; the others follow from it */
    static <T> Behavior<T> helper(
            Behavior<T> behavior,
            Class<? super T> protocol,
            String name,
            String loss,
            LongSupplier nanoTime,
            Duration first) {
        FailureCount failures = new FailureCount(LONGEST_BACKOFF.multipliedBy(2), nanoTime);
        return Behaviors.<T>supervise(Behaviors.intercept(
                        () -> new FailedMessages<>(protocol, cause -> helperFailed(name, loss, failures.next(), cause)),
                        behavior))
                .onFailure(
                        Throwable.class,
                        SupervisorStrategy.restartWithBackoff(first, LONGEST_BACKOFF, JITTER)
                                .withResetBackoffAfter(LONGEST_BACKOFF)
                                .withStashCapacity(STASH)
                                .withLoggingEnabled(false));
    }

    private static void helperFailed(String name, String loss, int times, Throwable cause) {
        if (times < HELPER_TRIES) {
            logger.warn("The {} failed and starts again in a moment", name, cause);
        } else {
            logger.error(
                    "The {} is down after {} failures: {}. It is tried again in {} minutes at most",
                    name,
                    times,
                    loss,
                    LONGEST_BACKOFF.toMinutes() + 1,
                    cause);
        }
    }

    /** Restarts a parent, whose children stop. */
    public static <T> Behavior<T> parent(Behavior<T> behavior, Class<? super T> protocol, String name) {
        return parent(behavior, protocol, name, true);
    }

    /** Restarts a parent, whose children go on. */
    public static <T> Behavior<T> parentKeepingChildren(Behavior<T> behavior, Class<? super T> protocol, String name) {
        return parent(behavior, protocol, name, false);
    }

    private static <T> Behavior<T> parent(
            Behavior<T> behavior, Class<? super T> protocol, String name, boolean stopsChildren) {
        RestartSupervisorStrategy limited = SupervisorStrategy.restart().withLimit(PARENT_RESTARTS, WINDOW);
        return Behaviors.<T>supervise(Behaviors.intercept(
                        () -> new FailedMessages<>(
                                protocol,
                                cause -> logger.error(
                                        "{} failed; unless it does so often, it starts again", name, cause)),
                        behavior))
                .onFailure(
                        Throwable.class, limited.withStopChildren(stopsChildren).withLoggingEnabled(false));
    }
}
