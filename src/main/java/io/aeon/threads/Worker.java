package io.aeon.threads;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread of a {@link WorkerPool}. */
final class Worker extends Thread {
    /** Number of tasks that may wait here before another thread is woken; a wake-up takes as long as a few tasks. */
    private static final int BACKLOG = 4;
    /** Number of tasks that a thread runs before it looks at the network and takes work that others gave. */
    private static final int TURN = 32;

    private final WorkerPool pool;
    private final Queue<Runnable> own = new ConcurrentLinkedQueue<>();
    /** Odd while this thread runs a task other than a wait. */
    private final AtomicLong steps = new AtomicLong();

    private int turn;
    private int looks;
    private boolean yieldingIsDue;
    private int backlog;

    Worker(WorkerPool pool, String name) {
        super(name);
        this.pool = pool;
        setDaemon(true);
    }

    WorkerPool pool() {
        return pool;
    }

    /** The tasks that wait for this thread; any thread of the pool may take them. */
    Queue<Runnable> own() {
        return own;
    }

    /** Changes at the beginning and the end of each task, and is odd in between; waits for the network do not count. */
    long steps() {
        return steps.get();
    }

    /** Adds a task that this thread has submitted. */
    void add(Runnable task) {
        own.add(task);
        if (++backlog > BACKLOG) {
            backlog = 0;
            pool.wakeOne();
        }
    }

    @Override
    public void run() {
        for (Runnable task = next(); task != null || !pool.isClosed(); task = next()) {
            if (task == null) {
                rest();
            } else if (task instanceof WorkerPool.Wait) {
                pool.run(task);
            } else {
                steps.set(steps.getPlain() + 1);
                pool.lookout().want();
                pool.run(task);
                steps.lazySet(steps.getPlain() + 1);
            }
        }
    }

    private @Nullable Runnable next() {
        Runnable task = looks > 0 ? furtherLook() : null;
        if (task == null && ++turn >= TURN) {
            turn = 0;
            task = besidesOwn();
        }
        return task == null ? ownOrOfAnybody() : task;
    }

    private @Nullable Runnable ownOrOfAnybody() {
        Runnable task = own.poll();
        if (task != null) {
            backlog = Math.max(0, backlog - 1);
            return task;
        }
        backlog = 0;
        task = pool.given().poll();
        if (task != null) {
            return task;
        }
        if (pool.yielding().isEmpty()) {
            turn = 0;
        }
        return pool.ofAnybody();
    }

    /**
     * Every other time a task that yields, if there is one. Otherwise, if no thread waits for the network and none is
     * idle, this thread waits itself and shares its own tasks with all threads.
     */
    private @Nullable Runnable besidesOwn() {
        yieldingIsDue = !yieldingIsDue;
        Runnable yielding = yieldingIsDue ? pool.yielding().poll() : null;
        if (yielding != null) {
            return yielding;
        }
        if (pool.nobodyWaits() && !pool.wakeOne()) {
            for (Runnable task = own.poll(); task != null; task = own.poll()) {
                pool.given().add(task);
            }
            // A thread may have become idle before it could see these tasks.
            pool.wakeOne();
            looks = TURN;
            return pool.takeWait();
        }
        return pool.given().poll();
    }

    /**
     * The next wait for the network, as long as the waits bring no tasks. Akka has many short tasks run there, such as
     * each change of what a connection waits for. On a busy thread each would cost a turn, and new connections wait
     * behind them.
     */
    private @Nullable Runnable furtherLook() {
        looks = own.isEmpty() ? looks - 1 : 0;
        Runnable wait = looks > 0 ? pool.takeWait() : null;
        if (wait == null) {
            looks = 0;
        }
        return wait;
    }

    private void rest() {
        if (pool.lookout().take()) {
            keepLookout();
            return;
        }
        pool.resting().addFirst(this);
        if (!pool.hasWork() && !pool.nobodyWaits() && !pool.isClosed()) {
            LockSupport.park(this);
        }
        pool.resting().remove(this);
    }

    /**
     * Sleeps between checks. This thread is last among the idle threads, so that new work wakes other threads first.
     */
    private void keepLookout() {
        boolean undisturbed;
        do {
            pool.resting().addLast(this);
            if (!pool.hasWork() && !pool.isClosed()) {
                LockSupport.parkNanos(this, Lookout.EVERY_NANOS);
            }
            undisturbed = pool.resting().remove(this) && !pool.hasWork() && !pool.isClosed();
        } while (undisturbed && pool.lookout().look());
        if (!undisturbed) {
            pool.lookout().leave();
        }
    }
}
