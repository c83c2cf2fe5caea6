package io.aeon.metrics;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The part of the time in which the threads of a pool had nothing to do, from the CPU time that they used. Thread-safe.
 */
final class Idleness {
    private static final long LEAST_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<? extends Thread> threads;
    private final int processors = Runtime.getRuntime().availableProcessors();
    /** Guarded by this object, like the fields below. */
    private long since = System.nanoTime();

    private long usedBefore;
    private double latest = 1;

    /** @param threads began to run just now */
    Idleness(List<? extends Thread> threads) {
        this.threads = threads;
    }

    /** From 0 to 1, for the time since the last call but at least one second; at first since the start. */
    synchronized double measure() {
        long elapsed = System.nanoTime() - since;
        if (elapsed >= LEAST_INTERVAL_NANOS) {
            long used = used();
            latest = Math.max(0, 1 - (double) (used - usedBefore) / elapsed / Math.min(threads.size(), processors));
            usedBefore = used;
            since += elapsed;
        }
        return latest;
    }

    private long used() {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        return threads.stream()
                .mapToLong(thread -> Math.max(0, bean.getThreadCpuTime(thread.getId())))
                .sum();
    }
}
