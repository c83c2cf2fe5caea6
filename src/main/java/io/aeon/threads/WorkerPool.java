package io.aeon.threads;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContextExecutor;

/**
 * The threads for all non-blocking work. A task that runs on a thread of the pool submits new tasks to the same thread.
 * A request therefore goes from its connection to a partition and back without a thread wake-up; another thread is
 * woken only when several tasks wait. A thread without work takes the wait for the network, so that it receives the
 * next request itself. If a task takes long, other threads take the tasks behind it within milliseconds
 * ({@link Lookout}).
 *
 * <p>The order of tasks is not defined, but for those of {@link #executeYielding}. Thread-safe.
 */
public final class WorkerPool implements ExecutionContextExecutor, AutoCloseable {
    private final Queue<Runnable> given = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> yielding = new ConcurrentLinkedQueue<>();
    private final Queue<Wait> waits = new ConcurrentLinkedQueue<>();
    private final Deque<Worker> resting = new ConcurrentLinkedDeque<>();
    private final List<Worker> workers;
    private final Lookout lookout;
    private volatile boolean closed;

    record Wait(Runnable task) implements Runnable {
        @Override
        public void run() {
            task.run();
        }
    }

    /**
     * Starts no thread yet.
     *
     * @param name prefix of the threads' names
     * @param threads one more than the number of threads that work at the same time, because one waits for the network
     */
    public WorkerPool(String name, int threads) {
        workers = IntStream.range(0, threads)
                .mapToObj(number -> new Worker(this, name + "-" + number))
                .toList();
        lookout = new Lookout(this);
    }

    /** The pool of the current thread, null if the thread belongs to no pool. */
    public static @Nullable WorkerPool ofThisThread() {
        return Thread.currentThread() instanceof Worker worker ? worker.pool() : null;
    }

    /** Starts the threads; they are daemon threads. */
    public void start() {
        workers.forEach(Thread::start);
    }

    /** Accepts no more tasks; the threads end after the submitted tasks. */
    @Override
    public void close() {
        closed = true;
        workers.forEach(LockSupport::unpark);
    }

    /** @throws RejectedExecutionException after {@link #close} */
    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("the pool is closed");
        }
        if (Thread.currentThread() instanceof Worker worker && worker.pool() == this) {
            worker.add(task);
        } else {
            given.add(task);
            wakeOne();
        }
    }

    /**
     * Adds a task that lets other tasks go first: it runs when none of them waits. A thread that always has others runs
     * one such task after every 64 of them.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    public void executeYielding(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("the pool is closed");
        }
        yielding.add(task);
        if (!isWorker(Thread.currentThread())) {
            wakeOne();
        }
    }

    /**
     * Adds a task that waits for the network. An idle thread takes it, or a busy thread after a number of other tasks.
     * Each such task occupies a thread, so there should be only one.
     */
    void executeWait(Runnable task) {
        waits.add(new Wait(task));
        if (!isWorker(Thread.currentThread())) {
            wakeOne();
        }
    }

    /** Whether {@code thread} belongs to this pool. */
    public boolean isWorker(Thread thread) {
        return thread instanceof Worker worker && worker.pool() == this;
    }

    /** Runs one waiting task of the pool on the caller's thread; returns false if there is none. */
    public boolean help() {
        Runnable task = ofAnybody();
        if (task != null) {
            run(task);
        }
        return task != null;
    }

    /** Sets the handler of exceptions that tasks throw; an exception does not end a thread. */
    public void setUncaughtExceptionHandler(UncaughtExceptionHandler handler) {
        workers.forEach(worker -> worker.setUncaughtExceptionHandler(handler));
    }

    @Override
    public void reportFailure(Throwable cause) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    List<Worker> workers() {
        return workers;
    }

    Lookout lookout() {
        return lookout;
    }

    /** The idle threads; the first one is woken first. */
    Deque<Worker> resting() {
        return resting;
    }

    /** Wakes an idle thread; returns false if there is none. */
    boolean wakeOne() {
        Worker worker = resting.pollFirst();
        LockSupport.unpark(worker);
        return worker != null;
    }

    /** The tasks from other threads, and those that a thread shares with all. */
    Queue<Runnable> given() {
        return given;
    }

    /** The tasks that let others go first. */
    Queue<Runnable> yielding() {
        return yielding;
    }

    /** Whether a task waits that any idle thread must run, the wait for the network apart. */
    boolean hasWork() {
        return !given.isEmpty() || !yielding.isEmpty();
    }

    /** Whether the wait for the network is not taken by a thread. */
    boolean nobodyWaits() {
        return !waits.isEmpty();
    }

    /** The wait for the network, null if a thread has taken it. */
    @Nullable
    Runnable takeWait() {
        return waits.poll();
    }

    /**
     * A task that any thread may run: one from another thread, one that waits for a thread, the wait for the network,
     * or a task that yields to all of these.
     */
    @Nullable
    Runnable ofAnybody() {
        Runnable task = given.poll();
        for (int i = 0; task == null && i < workers.size(); i++) {
            task = workers.get(i).own().poll();
        }
        return task == null ? waitOrYielding() : task;
    }

    /** An idle thread waits for the network if there is one, so that the caller goes on with what yields. */
    private @Nullable Runnable waitOrYielding() {
        if (nobodyWaits() && !yielding.isEmpty() && wakeOne()) {
            return yielding.poll();
        }
        Runnable wait = takeWait();
        return wait == null ? yielding.poll() : wait;
    }

    void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            reportFailure(e);
        }
        // An interrupt that was meant for this task would close the files of the next task.
        Thread.interrupted();
    }
}
