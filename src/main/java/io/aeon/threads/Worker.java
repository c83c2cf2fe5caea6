package io.aeon.threads;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread of a {@link WorkerPool}. */
final class Worker extends Thread {
    /** Tasks that wait here before another thread is woken, which takes as long as to do a few. */
    private static final int BACKLOG = 4;
    /** Tasks of its own that a thread does before it looks what else there is. */
    private static final int TURN = 32;

    private final WorkerPool pool;
    private final Queue<Runnable> own = new ConcurrentLinkedQueue<>();
    /** Odd while this thread is at a task that is no wait. */
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

    /** What waits for this thread; anybody may take from it. */
    Queue<Runnable> own() {
        return own;
    }

    /** Another number for each task it begins or ends, odd in between; waits for the network do not count. */
    long steps() {
        return steps.get();
    }

    /** Adds a task that this thread has made. */
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

    /** With nobody at the network and nobody to send there, this thread goes itself and leaves its own tasks to all. */
    private @Nullable Runnable besidesOwn() {
        if (pool.nobodyWaits() && !pool.wakeOne()) {
            for (Runnable task = own.poll(); task != null; task = own.poll()) {
                pool.given().add(task);
            }
            // Somebody may have gone to rest before these were there to be seen.
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

    /** Rests, but for a look now and then. Behind all others, so that work wakes those first. */
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
