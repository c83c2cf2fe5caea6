package io.aeon.broker;

import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import java.time.Duration;

/** Runs tasks after a delay, on one shared timer with a precision of about ten milliseconds. Thread-safe. */
public interface Timer {
    /** Runs {@code task}, which must not block, once {@code delay} has passed. */
    Cancellation after(Duration delay, Runnable task);

    /** The timer of {@code system}; tasks run on its pool. */
    static Timer of(ActorSystem<?> system) {
        return (delay, task) -> {
            Cancellable scheduled = system.scheduler().scheduleOnce(delay, task, system.executionContext());
            return scheduled::cancel;
        };
    }

    /** Cancels a task that has not run yet. */
    interface Cancellation {
        void cancel();
    }
}
