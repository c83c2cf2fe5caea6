package io.aeon.broker.partition;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Waits for one partition to change. Its reaction runs on its own executor, never on the thread that wakes it, so that
 * it can neither delay nor fail the partition. Thread-safe.
 */
public final class Watcher {
    private final Executor executor;
    private final Runnable onWake;
    private volatile boolean done;

    /** @param onWake runs once for each watch that has ended; must not block */
    public Watcher(Executor executor, Runnable onWake) {
        this.executor = executor;
        this.onWake = onWake;
    }

    /** The partition has changed or stopped serving: the reader has to ask it again. */
    public void wake() {
        try {
            executor.execute(onWake);
        } catch (RejectedExecutionException e) {
            // The broker has stopped, and with it the waiting request.
            done = true;
        }
    }

    /** Ends the wait; the partition may remove this watcher. */
    public void cancel() {
        done = true;
    }

    boolean isDone() {
        return done;
    }
}
