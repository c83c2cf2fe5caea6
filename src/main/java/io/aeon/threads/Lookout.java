package io.aeon.threads;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * Detects tasks that wait behind a long task of their thread. While a thread runs a task, one idle thread checks every
 * few milliseconds. While no thread runs a task, all threads sleep.
 */
final class Lookout {
    /** Time between two checks. While a thread is idle, a task waits for a busy thread at most twice this time. */
    static final long EVERY_NANOS = Duration.ofMillis(5).toNanos();

    private enum State {
        NEEDLESS,
        WANTED,
        TAKEN
    }

    private final WorkerPool pool;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEEDLESS);
    /**
     * The values of {@link Worker#steps} at the last check; only the thread that has taken the lookout accesses them.
     */
    private final long[] steps;

    Lookout(WorkerPool pool) {
        this.pool = pool;
        this.steps = new long[pool.workers().size()];
    }

    /** A thread begins a task: an idle thread, or the next thread that becomes idle, must check. */
    void want() {
        if (state.get() == State.NEEDLESS && state.compareAndSet(State.NEEDLESS, State.WANTED)) {
            pool.wakeOne();
        }
    }

    /** Whether the caller must check from now on. */
    boolean take() {
        return state.get() == State.WANTED && state.compareAndSet(State.WANTED, State.TAKEN);
    }

    /** The caller starts to work; the next idle thread must check. */
    void leave() {
        state.set(State.WANTED);
    }

    /**
     * Returns whether to check again: false if the caller must run a waiting task, or if no thread runs a task any
     * more.
     */
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
        // A thread that began a task before this point relies on a lookout.
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
