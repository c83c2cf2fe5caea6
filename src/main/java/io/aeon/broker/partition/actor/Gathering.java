package io.aeon.broker.partition.actor;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The appends that an fsync waits for before it starts, because they are likely to arrive soon and would otherwise need
 * their own fsync. Thread-safe.
 */
final class Gathering {
    /** A few times the duration of an fsync on a fast disk; a small part of it on a slow disk. */
    private static final long PATIENCE_MICROS = 500;

    private final long deadlineNanos = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(PATIENCE_MICROS);
    private final CountDownLatch missing;

    /** @param missing number of appends that are likely to arrive */
    Gathering(int missing) {
        this.missing = new CountDownLatch(Math.max(0, missing));
    }

    /** Records the arrival of one append. */
    void arrived() {
        missing.countDown();
    }

    boolean isComplete() {
        return missing.getCount() == 0;
    }

    /** Wraps {@code work} so that it first waits as {@link #await} does. */
    <T> Supplier<T> before(Supplier<T> work) {
        return () -> {
            await();
            return work.get();
        };
    }

    /** Blocks until all appends have arrived, or for at most 500 microseconds after the creation of this object. */
    void await() {
        try {
            var unused = missing.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
