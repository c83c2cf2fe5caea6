package io.aeon.broker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices when the disk holds threads that all the broker needs inside a write. Until it lets them go, another thread does
 * their work and no new write is begun. Thread-safe; costs a write two additions.
 */
final class DiskStall {
    private static final long BETWEEN_WORK_NANOS = 1_000_000;

    private final ForkJoinPool pool;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private long begunAtLastLook;
    private volatile @Nullable CompletableFuture<Void> stall;

    /** @param pool whose threads all the broker needs */
    DiskStall(ForkJoinPool pool) {
        this.pool = pool;
    }

    /** Runs {@code write} under observation. */
    <T> T watched(Supplier<T> write) {
        begun.incrementAndGet();
        try {
            return write.get();
        } finally {
            ended.incrementAndGet();
        }
    }

    /** Completes when the disk lets its writers go; null if it holds none. */
    @Nullable
    CompletableFuture<Void> stall() {
        return stall;
    }

    /** Takes a look, on one thread, which is none of those that write. What lasts from one look to the next is a stall. */
    void look() {
        boolean held = ended.get() < begunAtLastLook;
        begunAtLastLook = begun.get();
        CompletableFuture<Void> known = stall;
        if (held && known == null) {
            begin();
        } else if (!held && known != null) {
            stall = null;
            known.complete(null);
        }
    }

    private void begin() {
        CompletableFuture<Void> begins = new CompletableFuture<>();
        stall = begins;
        Thread substitute = new Thread(() -> substituteUntil(begins), "aeon-disk-stall");
        substitute.setDaemon(true);
        substitute.start();
    }

    /** Who waits for a pool from outside it does its work meanwhile. */
    private void substituteUntil(CompletableFuture<Void> over) {
        while (!over.isDone() && !pool.isTerminated()) {
            pool.awaitQuiescence(0, TimeUnit.NANOSECONDS);
            LockSupport.parkNanos(BETWEEN_WORK_NANOS);
        }
    }
}
