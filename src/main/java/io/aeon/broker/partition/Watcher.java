package io.aeon.broker.partition;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for one partition to change. Its reaction runs on its own executor, never on the thread that wakes it, so that
 * it can neither delay nor fail the partition. Thread-safe.
 */
public final class Watcher {
    private static final Logger logger = LoggerFactory.getLogger(Watcher.class);

    private final Executor executor;
    private final Runnable onWake;
    private volatile boolean cancelled;

    /** @param onWake runs once for each watch that has ended, unless it was cancelled; must not block */
    public Watcher(Executor executor, Runnable onWake) {
        this.executor = executor;
        this.onWake = onWake;
    }

    /** The partition has changed or stopped serving: the reader has to ask it again. */
    public void wake() {
        try {
            executor.execute(this::react);
        } catch (RejectedExecutionException e) {
            // The broker has stopped, and with it the waiting request.
            cancelled = true;
        }
    }

    /** As {@link #wake} for several; those with one executor react one after the other, in one task of it. */
    static void wakeAll(List<Watcher> watchers) {
        IdentityHashMap<Executor, List<Watcher>> byExecutor = new IdentityHashMap<>(2);
        watchers.forEach(watcher -> byExecutor
                .computeIfAbsent(watcher.executor, executor -> new ArrayList<>(watchers.size()))
                .add(watcher));
        byExecutor.forEach((executor, woken) -> {
            try {
                executor.execute(() -> woken.forEach(Watcher::react));
            } catch (RejectedExecutionException e) {
                // The broker has stopped, and with it the waiting requests.
                woken.forEach(Watcher::cancel);
            }
        });
    }

    private void react() {
        if (cancelled) {
            return;
        }
        try {
            onWake.run();
        } catch (RuntimeException e) {
            logger.error("A reader could not react to a change of its partition", e);
        }
    }

    /** Ends the wait; the partition may remove this watcher. */
    public void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }
}
