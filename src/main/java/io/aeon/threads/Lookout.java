package io.aeon.threads;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sees to it that nothing waits long behind a task that does not end. While anything is done one of the threads that
 * rest looks every few milliseconds; when nothing is, all sleep.
 */
final class Lookout {
    /** Time between two looks; a task waits for twice that at most while there is a thread that rests. */
    static final long EVERY_NANOS = Duration.ofMillis(5).toNanos();

    private enum State {
        NEEDLESS,
        WANTED,
        TAKEN
    }

    private final WorkerPool pool;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEEDLESS);
    /** Of each thread, what it had done at the last look; only who has taken the lookout touches it. */
    private final long[] done;

    Lookout(WorkerPool pool) {
        this.pool = pool;
        this.done = new long[pool.workers().size()];
    }

    /** Something is done: a thread that rests, or the next one that does, shall look. */
    void want() {
        if (state.get() == State.NEEDLESS && state.compareAndSet(State.NEEDLESS, State.WANTED)) {
            pool.wakeOne();
        }
    }

    /** Whether the caller has to look from now on. */
    boolean take() {
        return state.get() == State.WANTED && state.compareAndSet(State.WANTED, State.TAKEN);
    }

    /** The caller goes to work; the next thread that rests shall look. */
    void leave() {
        state.set(State.WANTED);
    }

    /** Whether to look again: not when the caller has to do what is held up, nor when nothing is done any more. */
    boolean look() {
        boolean held = isThreadHeld();
        boolean progress = isProgress();
        if (held || (!progress && pool.nobodyWaits())) {
            leave();
            return false;
        }
        if (progress) {
            return true;
        }
        state.set(State.NEEDLESS);
        // Who had done something before that counts on a lookout.
        return isProgress() && state.compareAndSet(State.NEEDLESS, State.TAKEN);
    }

    private boolean isThreadHeld() {
        for (int i = 0; i < done.length; i++) {
            Worker worker = pool.workers().get(i);
            if (worker.done() == done[i] && !worker.own().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private boolean isProgress() {
        boolean progress = false;
        for (int i = 0; i < done.length; i++) {
            long now = pool.workers().get(i).done();
            progress |= now != done[i];
            done[i] = now;
        }
        return progress;
    }
}
