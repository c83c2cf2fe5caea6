package io.aeon.broker;

import java.time.Duration;

/** Runs something later, on one shared clock of about ten milliseconds' precision. Thread-safe. */
public interface Timer {
    /** Runs {@code task}, which must not block, once {@code delay} has passed. */
    Cancellation after(Duration delay, Runnable task);

    /** Takes back a task that has not run. */
    interface Cancellation {
        void cancel();
    }
}
