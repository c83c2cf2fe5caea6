package io.aeon.broker.partition;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.BlockingDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingDeque;

/** Blocking work that happens when the test says so, on the test's thread. */
public final class HeldExecutor implements Executor {
    private final BlockingDeque<Runnable> tasks = new LinkedBlockingDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    public int held() {
        return tasks.size();
    }

    /** Runs what waits now. */
    void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Waits for a task and runs the one that came last. */
    void runLast() {
        await().until(() -> !tasks.isEmpty());
        tasks.removeLast().run();
    }

    /** Waits for a task and runs it. */
    public void runOne() {
        await().until(() -> !tasks.isEmpty());
        tasks.remove().run();
    }
}
