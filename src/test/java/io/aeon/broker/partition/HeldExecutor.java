package io.aeon.broker.partition;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** Blocking work that happens when the test says so, on the test's thread. */
public final class HeldExecutor implements Executor {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

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

    /** Waits for a task and runs it. */
    public void runOne() {
        await().until(() -> !tasks.isEmpty());
        tasks.remove().run();
    }
}
