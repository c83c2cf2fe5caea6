package io.aeon.broker.supervision;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Counts failures that come close to each other. Not thread-safe. */
final class FailureCount {
    private final Duration window;
    private final LongSupplier nanoTime;
    private int count;
    private long lastNanos;

    /**
     * @param window after so long without a failure the count begins again
     * @param nanoTime a clock that only goes forward
     */
    FailureCount(Duration window, LongSupplier nanoTime) {
        this.window = window;
        this.nanoTime = nanoTime;
    }

    /** One more; which one it is. */
    int next() {
        long now = nanoTime.getAsLong();
        count = now - lastNanos > window.toNanos() ? 1 : count + 1;
        lastNanos = now;
        return count;
    }
}
