package io.aeon.threads;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads for work that may wait for a disk. Their number has a limit; further tasks wait. {@link #close} returns
 * only after the last task, so that what the tasks use can be closed next. Thread-safe.
 */
public final class BlockingPool implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BlockingPool.class);
    private static final long KEEP_ALIVE_S = 10;

    private final ThreadPoolExecutor threads;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** The tasks that wait or run, and one more until {@link #close} is called. */
    private final AtomicInteger tasks = new AtomicInteger(1);

    /**
     * A thread starts when a task needs it, and ends after ten seconds without a task.
     *
     * @param name prefix of the threads' names
     * @param most maximum number of threads
     */
    public BlockingPool(String name, int most) {
        AtomicInteger started = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        most,
                        most,
                        KEEP_ALIVE_S,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> daemon(task, name + "-" + started.getAndIncrement())) {
                    @Override
                    protected void terminated() {
                        ended.complete(null);
                    }
                };
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(BlockingPool.class.getClassLoader());
        return thread;
    }

    /** @throws RejectedExecutionException the pool has closed */
    @Override
    public void execute(Runnable task) {
        tasks.incrementAndGet();
        try {
            threads.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            taskEnded();
            throw e;
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            log.error("A task that may wait for a disk failed", e);
        } finally {
            taskEnded();
        }
    }

    private void taskEnded() {
        if (tasks.decrementAndGet() == 0) {
            threads.shutdown();
        }
    }

    /**
     * Blocks until no task waits or runs and all threads have ended. Tasks are accepted until then, because a task may
     * need another one to end. Idempotent.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            taskEnded();
        }
        ended.join();
    }
}
