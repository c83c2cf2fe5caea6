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
    /** Number of own tasks that a thread runs before it takes other work. */
    private static final int TURN = 32;

    private final WorkerPool pool;
    private final Queue<Runnable> own = new ConcurrentLinkedQueue<>();
    /** Odd while this thread runs a task other than a wait. */
    private final AtomicLong steps = new AtomicLong();

    private int turn;
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
        if (++turn >= TURN) {
            turn = 0;
            Runnable task = besidesOwn();
            if (task != null) {
                return task;
            }
        }
        Runnable task = own.poll();
        if (task != null) {
            backlog = Math.max(0, backlog - 1);
            return task;
        }
        turn = 0;
        backlog = 0;
        return pool.ofAnybody();
    }

    /**
     * If no thread waits for the network and none is idle, this thread waits itself and shares its own tasks with all
     * threads.
     */
    private @Nullable Runnable besidesOwn() {
        if (pool.nobodyWaits() && !pool.wakeOne()) {
            for (Runnable task = own.poll(); task != null; task = own.poll()) {
                pool.given().add(task);
            }
            // A thread may have become idle before it could see these tasks.
            pool.wakeOne();
            return pool.takeWait();
        }
        return pool.given().poll();
    }

    private void rest() {
        if (pool.lookout().take()) {
            keepLookout();
            return;
        }
        pool.resting().addFirst(this);
        if (pool.given().isEmpty() && !pool.nobodyWaits() && !pool.isClosed()) {
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
            if (pool.given().isEmpty() && !pool.isClosed()) {
                LockSupport.parkNanos(this, Lookout.EVERY_NANOS);
            }
            undisturbed = pool.resting().remove(this) && pool.given().isEmpty() && !pool.isClosed();
        } while (undisturbed && pool.lookout().look());
        if (!undisturbed) {
            pool.lookout().leave();
        }
    }
}
