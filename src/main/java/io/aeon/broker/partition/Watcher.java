package io.aeon.broker.partition;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Waits for one partition to change. What it does then runs on its own executor, never on the stack of who wakes it: it
 * can neither delay a partition nor fail it. Thread-safe.
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

    /** The partition has changed, or cannot serve any more: ask it. */
    public void wake() {
        try {
            executor.execute(onWake);
        } catch (RejectedExecutionException e) {
            // The broker has ended, and with it whoever waited.
            done = true;
        }
    }

    /** Nobody waits any more: the partition may forget this watcher. */
    public void cancel() {
        done = true;
    }

    boolean isDone() {
        return done;
    }
}
