package io.aeon.broker.partition.actor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the work on other threads that needs one log to stay open. Thread-safe. */
final class LogUse {
    private static final Logger logger = LoggerFactory.getLogger(LogUse.class);

    private final Executor executor;
    private int underWay;
    private CompletableFuture<Void> none = CompletableFuture.completedFuture(null);

    /** @param executor threads that may block on the disk */
    LogUse(Executor executor) {
        this.executor = executor;
    }

    /** Runs {@code work} on another thread; the log must stay open until it has ended. */
    void run(Runnable work) {
        begin();
        var unused = CompletableFuture.runAsync(work, executor).whenComplete((nothing, failure) -> {
            if (failure != null) {
                logger.warn("background work on an open log failed", failure);
            }
            end();
        });
    }

    private synchronized void begin() {
        if (underWay++ == 0) {
            none = new CompletableFuture<>();
        }
    }

    private void end() {
        CompletableFuture<Void> last = null;
        synchronized (this) {
            if (--underWay == 0) {
                last = none;
            }
        }
        if (last != null) {
            last.complete(null);
        }
    }

    /** Completes when no work is in progress; never fails. */
    synchronized CompletableFuture<Void> none() {
        return none;
    }
}
