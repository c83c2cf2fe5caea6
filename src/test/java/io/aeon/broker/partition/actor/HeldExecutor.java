package io.aeon.broker.partition.actor;

import io.aeon.PatientWaits;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/** An executor for blocking work that runs on the test's thread, when the test calls it. */
public final class HeldExecutor implements Executor {
    private final BlockingDeque<Runnable> tasks = new LinkedBlockingDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    public int held() {
        return tasks.size();
    }

    /** Runs all waiting tasks. */
    void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Waits for a task and runs the latest one. */
    void runLast() {
        Runnable first = await();
        tasks.addFirst(first);
        tasks.removeLast().run();
    }

    /** Runs one task if one comes within {@code millis}; returns whether one came. */
    boolean runWithin(long millis) {
        try {
            Runnable task = tasks.poll(millis, TimeUnit.MILLISECONDS);
            if (task != null) {
                task.run();
            }
            return task != null;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for a task and runs it. */
    public void runOne() {
        await().run();
    }

    /** Waits for a task and leaves it in the queue. */
    void awaitOne() {
        tasks.addFirst(await());
    }

    private Runnable await() {
        try {
            Runnable task = tasks.poll(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (task == null) {
                throw new AssertionError("no task came");
            }
            return task;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
