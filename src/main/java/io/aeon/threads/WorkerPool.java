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
 * The threads of everything that does not block. What a task gives the pool is done after it by the same thread, so that
 * a request goes from its connection to a partition and back without waking anybody; only when several tasks wait is
 * another thread woken. Who has nothing left to do takes the wait for the network, so that the next request finds it
 * there. When a task takes long, others do what waits behind it within milliseconds ({@link Lookout}).
 *
 * <p>Tasks are done in no promised order. Thread-safe.
 */
public final class WorkerPool implements ExecutionContextExecutor, AutoCloseable {
    private final Queue<Runnable> given = new ConcurrentLinkedQueue<>();
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
     * @param name what the threads' names begin with
     * @param threads one more than shall work at once, for one waits for the network
     */
    public WorkerPool(String name, int threads) {
        workers = IntStream.range(0, threads)
                .mapToObj(number -> new Worker(this, name + "-" + number))
                .toList();
        lookout = new Lookout(this);
    }

    /** The pool whose thread the caller is on; null if it is none's. */
    public static @Nullable WorkerPool ofThisThread() {
        return Thread.currentThread() instanceof Worker worker ? worker.pool() : null;
    }

    /** Starts the threads, which do not keep a JVM alive. */
    public void start() {
        workers.forEach(Thread::start);
    }

    /** Takes no more tasks; the threads end when those are done that there are. */
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
     * Gives the pool a task that waits for the network, to be taken by a thread that has nothing else to do or has done
     * other things for a while. There had better be one such task only: a thread is gone with each.
     */
    void executeWait(Runnable task) {
        waits.add(new Wait(task));
        if (!isWorker(Thread.currentThread())) {
            wakeOne();
        }
    }

    /** Whether {@code thread} is one of the pool's own. */
    public boolean isWorker(Thread thread) {
        return thread instanceof Worker worker && worker.pool() == this;
    }

    /** Does, on the caller's thread, a task that waits for one of the pool's; false if none does. */
    public boolean help() {
        Runnable task = ofAnybody();
        if (task != null) {
            run(task);
        }
        return task != null;
    }

    /** Has {@code handler} told of what a task throws; no thread ends by that. */
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

    /** The threads that have to be woken when there is work, who shall be first in front. */
    Deque<Worker> resting() {
        return resting;
    }

    /** Wakes a thread that rests; false if none does. */
    boolean wakeOne() {
        Worker worker = resting.pollFirst();
        LockSupport.unpark(worker);
        return worker != null;
    }

    /** The tasks from outside, and those a thread has left to all. */
    Queue<Runnable> given() {
        return given;
    }

    /** Whether nobody has taken the wait for the network. */
    boolean nobodyWaits() {
        return !waits.isEmpty();
    }

    /** The wait for the network, if nobody has taken it. */
    @Nullable
    Runnable takeWait() {
        return waits.poll();
    }

    /** What anybody may do: a task from outside, one that waits for some thread, or the wait for the network. */
    @Nullable
    Runnable ofAnybody() {
        Runnable task = given.poll();
        for (int i = 0; task == null && i < workers.size(); i++) {
            task = workers.get(i).own().poll();
        }
        return task == null ? takeWait() : task;
    }

    void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            reportFailure(e);
        }
        // An interrupt that was meant for this task would close the files of the next.
        Thread.interrupted();
    }
}
