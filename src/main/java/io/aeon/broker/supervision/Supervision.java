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
 * Restarts actors after an exception. A helper is an actor without which clients are still served; it restarts with
 * backoff for as long as the broker runs. A parent is an actor without which clients are not served; it restarts at
 * once, at most {@link #PARENT_RESTARTS} times within {@link #WINDOW}. After that it stops, and its watcher has to stop
 * the broker. In both cases the request in the failed message gets an error.
 */
public final class Supervision {
    /** Restarts of a parent within {@link #WINDOW}; one more failure stops it. */
    public static final int PARENT_RESTARTS = 5;

    /** The period within which the restarts of a parent are counted. */
    public static final Duration WINDOW = Duration.ofMinutes(1);

    /** Number of failures after which a helper counts as down. */
    static final int HELPER_TRIES = 5;

    /** The longest backoff of a helper on which no request depends. */
    public static final Duration LONGEST_BACKOFF = Duration.ofMinutes(10);

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final double JITTER = 0.1;

    /**
     * Maximum number of messages that wait for a helper that is down: one for each partition that a broker may have.
     */
    private static final int STASH = 100_000;

    private static final Logger logger = LoggerFactory.getLogger(Supervision.class);

    private Supervision() {}

    /**
     * Restarts a helper after 1 s, 2 s, 4 s and so on. Messages wait until the restart.
     *
     * @param name name in log lines
     * @param loss the effect on the broker while the helper is down
     * @param longest maximum time until the next restart, of which up to a tenth is added at random; also the time
     *     without failure after which the failures are forgotten
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public static <T> Behavior<T> helper(
            Behavior<T> behavior,
            Class<? super T> protocol,
            String name,
            String loss,
            Duration longest,
            LongSupplier nanoTime) {
        return helper(behavior, protocol, name, loss, longest, nanoTime, FIRST_BACKOFF);
    }

    /** @param first time until the first restart; later times are multiples of it */
    static <T> Behavior<T> helper(
            Behavior<T> behavior,
            Class<? super T> protocol,
            String name,
            String loss,
            Duration longest,
            LongSupplier nanoTime,
            Duration first) {
        FailureCount failures = new FailureCount(longest.multipliedBy(2), nanoTime);
        return Behaviors.<T>supervise(Behaviors.intercept(
                        () -> new FailedMessages<>(
                                protocol, cause -> helperFailed(name, loss, failures.next(), longest, cause)),
                        behavior))
                .onFailure(
                        Throwable.class,
                        SupervisorStrategy.restartWithBackoff(first, longest, JITTER)
                                .withResetBackoffAfter(longest)
                                .withStashCapacity(STASH)
                                .withLoggingEnabled(false));
    }

    private static void helperFailed(String name, String loss, int times, Duration longest, Throwable cause) {
        if (times < HELPER_TRIES) {
            logger.warn("The {} failed and restarts soon", name, cause);
        } else {
            logger.error(
                    "The {} is down after {} failures: {}. It restarts within {} s",
                    name,
                    times,
                    loss,
                    longest.plus(longest.dividedBy(10)).toSeconds(),
                    cause);
        }
    }

    /** Restarts a parent and stops its children. */
    public static <T> Behavior<T> parent(Behavior<T> behavior, Class<? super T> protocol, String name) {
        return parent(behavior, protocol, name, true);
    }

    /** Restarts a parent and keeps its children running. */
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
                                        "{} failed and restarts; after repeated failures the broker stops",
                                        name,
                                        cause)),
                        behavior))
                .onFailure(
                        Throwable.class, limited.withStopChildren(stopsChildren).withLoggingEnabled(false));
    }
}
