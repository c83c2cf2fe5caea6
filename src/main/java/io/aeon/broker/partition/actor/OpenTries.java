package io.aeon.broker.partition.actor;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Counts how often a partition's log failed to open or its actor failed, and decides when to retry: soon at first, and
 * every 10 seconds once the partition is offline.
 */
public final class OpenTries {
    private static final int TRIES = 5;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration OFFLINE_BACKOFF = Duration.ofSeconds(10);

    private final Consumer<Boolean> listener;
    private int failed;
    private boolean crashed;

    /** @param listener called with whether the partition is offline, at each change */
    public OpenTries(Consumer<Boolean> listener) {
        this.listener = listener;
    }

    /**
     * The log was opened.
     *
     * @return whether {@link #steady} has to be called after a while of normal work
     */
    boolean opened() {
        if (offline()) {
            listener.accept(false);
        }
        if (!crashed) {
            failed = 0;
        }
        return crashed;
    }

    /** The partition has worked without a failure for a while. */
    void steady() {
        crashed = false;
        failed = 0;
    }

    /**
     * The log could not be opened.
     *
     * @return wait before the next try
     */
    public Duration failed() {
        if (++failed >= TRIES) {
            listener.accept(true);
        }
        return offline() ? OFFLINE_BACKOFF : FIRST_BACKOFF.multipliedBy(1L << (failed - 1));
    }

    /**
     * The actor failed with its log open.
     *
     * @return wait before the log is opened again
     */
    Duration crashed() {
        crashed = true;
        return failed();
    }

    /** Whether it has failed so often that requests are not to wait for it. */
    public boolean offline() {
        return failed >= TRIES;
    }

    int count() {
        return failed;
    }
}
