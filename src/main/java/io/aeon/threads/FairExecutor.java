package io.aeon.threads;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Runs tasks that take long, a few at the same time. Each task has an owner. The tasks of one owner run one after the
 * other, in the order in which they were given; the owners take turns, a task each. So an owner with many tasks delays
 * the others by one task. A task may go on without its thread; its turn lasts until it completes. Thread-safe.
 */
public final class FairExecutor {
    private final Executor executor;
    private final int atOnce;
    /** The owners with tasks that wait or run. */
    private final Map<Object, Owner> owners = new HashMap<>();

    private final Queue<Owner> turns = new ArrayDeque<>();
    private int running;

    private record Owner(Object key, Queue<Task> waiting) {}

    /** A task that takes long. */
    public interface Task {
        /** Returns when the task is complete. */
        CompletionStage<?> run();
    }

    /**
     * @param executor runs the tasks
     * @param atOnce number of tasks that run at the same time
     */
    public FairExecutor(Executor executor, int atOnce) {
        this.executor = executor;
        this.atOnce = atOnce;
    }

    /** Whether a task of this owner waits or runs. */
    public synchronized boolean isBusy(Object owner) {
        return owners.containsKey(owner);
    }

    /**
     * Runs a task after the earlier ones of its owner.
     *
     * @throws java.util.concurrent.RejectedExecutionException the underlying executor is closed
     */
    public void execute(Object owner, Task task) {
        synchronized (this) {
            owners.computeIfAbsent(owner, this::newOwner).waiting().add(task);
        }
        startNext();
    }

    /** Removes a task of this owner that waits; a task that runs already is not affected. */
    public synchronized void withdraw(Object owner, Task task) {
        Owner waits = owners.get(owner);
        if (waits != null && waits.waiting().remove(task) && waits.waiting().isEmpty() && turns.remove(waits)) {
            owners.remove(owner);
        }
    }

    private Owner newOwner(Object key) {
        Owner owner = new Owner(key, new ArrayDeque<>(2));
        turns.add(owner);
        return owner;
    }

    private void startNext() {
        Owner owner;
        Task task;
        synchronized (this) {
            if (running == atOnce || turns.isEmpty()) {
                return;
            }
            owner = turns.remove();
            task = owner.waiting().remove();
            running++;
        }
        executor.execute(() -> run(owner, task));
    }

    private void run(Owner owner, Task task) {
        CompletionStage<?> complete = CompletableFuture.completedFuture(null);
        try {
            complete = task.run();
        } finally {
            complete.whenComplete((done, failure) -> next(owner));
        }
    }

    private void next(Owner owner) {
        synchronized (this) {
            running--;
            if (owner.waiting().isEmpty()) {
                owners.remove(owner.key());
            } else {
                turns.add(owner);
            }
        }
        startNext();
    }
}
