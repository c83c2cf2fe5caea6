package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Looks at the number of acknowledgements of a load all the time: for how long at most it did not grow. Thread-safe.
 */
final class Silence implements AutoCloseable {
    private static final int EVERY_MILLIS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final LongSupplier acknowledged;
    private final Thread thread = new Thread(this::run, "silence");
    private volatile boolean stopped;
    private long before;
    private long sinceNanos = System.nanoTime();
    private long longestNanos;

    Silence(LongSupplier acknowledged) {
        this.acknowledged = acknowledged;
        before = acknowledged.getAsLong();
        thread.start();
    }

    private void run() {
        while (!stopped) {
            look();
            BrokerProcess.pause(EVERY_MILLIS);
        }
    }

    private synchronized void look() {
        long now = System.nanoTime();
        longestNanos = Math.max(longestNanos, now - sinceNanos);
        long count = acknowledged.getAsLong();
        if (count != before) {
            before = count;
            sinceNanos = now;
        }
    }

    /** Forgets what was. */
    synchronized void reset() {
        sinceNanos = System.nanoTime();
        longestNanos = 0;
    }

    synchronized long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestNanos);
    }

    private synchronized long currentNanos() {
        return System.nanoTime() - sinceNanos;
    }

    /** Returns when so many acknowledgements more have come than now; that none come for minutes is an error. */
    void awaitMore(long count) {
        long enough = acknowledged.getAsLong() + count;
        while (acknowledged.getAsLong() < enough) {
            if (currentNanos() > PATIENCE.toNanos()) {
                throw new IllegalStateException("no acknowledgement for " + PATIENCE);
            }
            BrokerProcess.pause(EVERY_MILLIS);
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
