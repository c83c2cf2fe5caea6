package io.aeon.broker.partition;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The appends that an fsync waits for before it starts, because they are likely to come and need not have one of their
 * own. Thread-safe.
 */
final class Gathering {
    /** A few times what an fsync takes on a fast disk, a small part of what it takes on a slow one. */
    private static final long PATIENCE_MICROS = 500;

    private final long deadlineNanos = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(PATIENCE_MICROS);
    private final CountDownLatch missing;

    /** @param missing how many appends are likely to come */
    Gathering(int missing) {
        this.missing = new CountDownLatch(Math.max(0, missing));
    }

    /** One more append is there. */
    void arrived() {
        missing.countDown();
    }

    boolean isComplete() {
        return missing.getCount() == 0;
    }

    /** The work, done when all have come, or after a moment. */
    <T> Supplier<T> before(Supplier<T> work) {
        return () -> {
            await();
            return work.get();
        };
    }

    /** Returns when all have come, or after a moment. */
    void await() {
        try {
            var unused = missing.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
