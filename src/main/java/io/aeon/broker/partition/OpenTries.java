package io.aeon.broker.partition;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How often a partition's log could not be opened, or its actor had to start anew, and when to try again: soon at first,
 * now and then once the partition is offline.
 */
public final class OpenTries {
    private static final int TRIES = 5;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration OFFLINE_BACKOFF = Duration.ofSeconds(10);

    private final Consumer<Boolean> listener;
    private int failed;
    private boolean crashed;

    /** @param listener told whether the partition is offline, whenever that changes */
    public OpenTries(Consumer<Boolean> listener) {
        this.listener = listener;
    }

    /** The log is open; whether {@link #steady} has to follow when that has been so for a while. */
    boolean opened() {
        if (offline()) {
            listener.accept(false);
        }
        if (!crashed) {
            failed = 0;
        }
        return crashed;
    }

    /** The partition has worked for a while. */
    void steady() {
        crashed = false;
        failed = 0;
    }

    /** The log could not be opened; returns how long to wait before the next try. */
    Duration failed() {
        if (++failed >= TRIES) {
            listener.accept(true);
        }
        return offline() ? OFFLINE_BACKOFF : FIRST_BACKOFF.multipliedBy(1L << (failed - 1));
    }

    /** The actor has failed with its log open; returns how long to wait before it is opened again. */
    Duration crashed() {
        crashed = true;
        return failed();
    }

    /** Whether it has failed so often that nobody should wait for it. */
    boolean offline() {
        return failed >= TRIES;
    }

    int count() {
        return failed;
    }
}
