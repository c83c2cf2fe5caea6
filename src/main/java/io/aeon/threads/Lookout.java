package io.aeon.threads;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * Sees to it that nothing waits long behind a task that does not end. While any thread is at a task one of those that rest
 * looks every few milliseconds; when none is, all sleep.
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
    /** The {@link Worker#steps} at the last look; only who has taken the lookout touches them. */
    private final long[] steps;

    Lookout(WorkerPool pool) {
        this.pool = pool;
        this.steps = new long[pool.workers().size()];
    }

    /** A thread begins a task: one that rests, or the next one that does, shall look. */
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

    /** Whether to look again: not when the caller has to do what is held up, nor when nobody is at a task any more. */
    boolean look() {
        boolean held = isThreadHeld();
        boolean progress = isProgress();
        if (held || (!progress && pool.nobodyWaits())) {
            leave();
            return false;
        }
        if (progress || isAnybodyAtATask()) {
            return true;
        }
        state.set(State.NEEDLESS);
        // Who began a task before that counts on a lookout.
        return isProgress() && state.compareAndSet(State.NEEDLESS, State.TAKEN);
    }

    private boolean isThreadHeld() {
        for (int i = 0; i < steps.length; i++) {
            Worker worker = pool.workers().get(i);
            if (worker.steps() == steps[i] && isAtATask(i) && !worker.own().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private boolean isProgress() {
        boolean progress = false;
        for (int i = 0; i < steps.length; i++) {
            long now = pool.workers().get(i).steps();
            progress |= now != steps[i];
            steps[i] = now;
        }
        return progress;
    }

    private boolean isAnybodyAtATask() {
        return IntStream.range(0, steps.length).anyMatch(this::isAtATask);
    }

    private boolean isAtATask(int worker) {
        return steps[worker] % 2 == 1;
    }
}
