package io.aeon.broker.supervision;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Counts failures that occur close to each other. Not thread-safe. */
final class FailureCount {
    private final Duration window;
    private final LongSupplier nanoTime;
    private int count;
    private long lastNanos;

    /**
     * @param window time without a failure after which the count starts again
     * @param nanoTime a monotonic clock in nanoseconds
     */
    FailureCount(Duration window, LongSupplier nanoTime) {
        this.window = window;
        this.nanoTime = nanoTime;
    }

    /** Records a failure and returns the new count. */
    int next() {
        long now = nanoTime.getAsLong();
        count = now - lastNanos > window.toNanos() ? 1 : count + 1;
        lastNanos = now;
        return count;
    }
}
