package io.aeon.broker;

import java.time.Duration;

/** Runs tasks after a delay, on one shared timer with a precision of about ten milliseconds. Thread-safe. */
public interface Timer {
    /** Runs {@code task}, which must not block, once {@code delay} has passed. */
    Cancellation after(Duration delay, Runnable task);

    /** Cancels a task that has not run yet. */
    interface Cancellation {
        void cancel();
    }
}
