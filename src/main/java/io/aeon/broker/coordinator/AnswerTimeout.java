package io.aeon.broker.coordinator;

/** The maximum time from a request to its answer, which may have to wait for an append. Thread-safe. */
@FunctionalInterface
public interface AnswerTimeout {
    /**
     * Runs a task once the time has passed.
     *
     * @return cancels the task if it has not run yet
     */
    Runnable start(Runnable task);
}
