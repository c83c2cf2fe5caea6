package io.aeon.broker.disk;

import akka.actor.typed.ActorSystem;
import akka.dispatch.ExecutionContexts;
import io.aeon.threads.WorkerPool;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Detects that calls to the disk block threads of the broker's pool. During such a stall substitute threads run the
 * pool's tasks, and new writes wait without a thread. There are at most {@value #MOST_SUBSTITUTES} substitutes, because
 * each may be blocked as well; once all are, the pool's tasks wait for the disk. Thread-safe.
 */
public final class DiskStall {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final long PATIENCE_NANOS = Duration.ofMillis(100).toNanos();
    private static final long BETWEEN_WORK_NANOS = Duration.ofMillis(1).toNanos();
    private static final int MOST_SUBSTITUTES = 16;

    private final WorkerPool pool;
    private final LongSupplier nanoTime;
    private final Map<Thread, Long> inside = new ConcurrentHashMap<>();
    private int substitutes;
    private volatile @Nullable CompletableFuture<Void> stall;

    /** @param pool the pool whose threads run the broker's actors */
    public DiskStall(WorkerPool pool, LongSupplier nanoTime) {
        this.pool = pool;
        this.nanoTime = nanoTime;
    }

    /**
     * Creates the detection for the pool of the calling thread. It looks on the scheduler's thread, because the threads
     * of the pool may be the ones that are blocked.
     */
    public static DiskStall ofThisPool(ActorSystem<?> system) {
        WorkerPool pool = Objects.requireNonNull(
                WorkerPool.ofThisThread(), "aeon.akka.actor.default-dispatcher.executor has to be default-executor");
        DiskStall stall = new DiskStall(pool, System::nanoTime);
        system.scheduler()
                .scheduleWithFixedDelay(LOOK, LOOK, stall::look, ExecutionContexts.fromExecutor(Runnable::run));
        return stall;
    }

    /** The calling thread enters a call to the disk. */
    public void begins() {
        Thread thread = Thread.currentThread();
        if (isNeeded(thread)) {
            inside.put(thread, nanoTime.getAsLong());
        }
    }

    /** The calling thread returned from the disk. */
    public void ends() {
        Thread thread = Thread.currentThread();
        if (isNeeded(thread)) {
            inside.remove(thread);
        }
    }

    private boolean isNeeded(Thread thread) {
        return thread instanceof Substitute || pool.isWorker(thread);
    }

    /** Completes when no thread is blocked any more; null if there is no stall. */
    @Nullable
    public CompletableFuture<Void> stall() {
        return stall;
    }

    /**
     * Checks for blocked threads and starts or ends the stall. Always called on the same thread, which never calls the
     * disk.
     */
    public void look() {
        long now = nanoTime.getAsLong();
        long held = inside.values().stream()
                .filter(since -> now - since >= PATIENCE_NANOS)
                .count();
        CompletableFuture<Void> known = stall;
        if (held > 0) {
            goOnWithout(held, known == null ? new CompletableFuture<>() : known);
        } else if (known != null) {
            stall = null;
            substitutes = 0;
            known.complete(null);
        }
    }

    private void goOnWithout(long held, CompletableFuture<Void> over) {
        stall = over;
        while (substitutes < Math.min(held, MOST_SUBSTITUTES)) {
            substitutes++;
            new Substitute(over).start();
        }
    }

    /** Runs the pool's tasks until the stall is over. */
    private final class Substitute extends Thread {
        private final CompletableFuture<Void> over;

        private Substitute(CompletableFuture<Void> over) {
            super("aeon-disk-stall");
            this.over = over;
            setDaemon(true);
        }

        @Override
        public void run() {
            while (!over.isDone() && !pool.isClosed()) {
                if (!pool.help()) {
                    LockSupport.parkNanos(BETWEEN_WORK_NANOS);
                }
            }
        }
    }
}
