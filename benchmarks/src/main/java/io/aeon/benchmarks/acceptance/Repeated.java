package io.aeon.benchmarks.acceptance;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Does something again and again by the clock, until it fails or is closed; a turn that takes too long delays the next.
 */
final class Repeated implements AutoCloseable {
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long done;
    private volatile Exception failure;

    /** One turn. */
    interface Turn {
        void take(long number) throws Exception;
    }

    Repeated(String name, long everyMillis, Turn turn) {
        thread = new Thread(() -> run(TimeUnit.MILLISECONDS.toNanos(everyMillis), turn), name);
        thread.start();
    }

    private void run(long everyNanos, Turn turn) {
        long due = System.nanoTime();
        try {
            while (!stopped) {
                turn.take(done++);
                long now = System.nanoTime();
                due = Math.max(due + everyNanos, now);
                LockSupport.parkNanos(due - now);
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    String name() {
        return thread.getName();
    }

    long done() {
        return done;
    }

    /** What ended it before its time, or null. */
    Exception failure() {
        return failure;
    }

    /** Returns when the turn under way is done. */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
