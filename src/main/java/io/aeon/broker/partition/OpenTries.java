package io.aeon.broker.partition;

import java.time.Duration;
import java.util.function.Consumer;

/** How often a log could not be opened, and when to try again: soon at first, now and then once it is given up. */
public final class OpenTries {
    private static final int TRIES = 5;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration OFFLINE_BACKOFF = Duration.ofSeconds(10);

    private final Consumer<Boolean> offline;
    private int failed;

    /** @param offline told whether the log is given up, whenever that changes */
    public OpenTries(Consumer<Boolean> offline) {
        this.offline = offline;
    }

    void succeeded() {
        if (offline()) {
            offline.accept(false);
        }
        failed = 0;
    }

    /** Returns how long to wait before the next one. */
    Duration failed() {
        failed++;
        if (failed == TRIES) {
            offline.accept(true);
        }
        return offline() ? OFFLINE_BACKOFF : FIRST_BACKOFF.multipliedBy(1L << (failed - 1));
    }

    /** Whether it has failed so often that nobody should wait for it. */
    boolean offline() {
        return failed >= TRIES;
    }

    int count() {
        return failed;
    }
}
