package io.aeon.threads;

import akka.actor.AbstractScheduler;
import akka.actor.Cancellable;
import akka.actor.Scheduler;
import akka.event.LoggingAdapter;
import com.typesafe.config.Config;
import java.io.Closeable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * Akka's timers on a thread that sleeps until the next timer is due. Akka's own implementation wakes every ten
 * milliseconds and is late by up to that time. Thread-safe.
 */
public final class Timers extends AbstractScheduler implements Closeable {
    private static final double NANOS_PER_SECOND = 1e9;

    private final ScheduledThreadPoolExecutor thread;
    private final Set<Runnable> onClose = ConcurrentHashMap.newKeySet();

    /** Called by Akka through reflection. */
    public Timers(Config config, LoggingAdapter log, ThreadFactory threads) {
        thread = new ScheduledThreadPoolExecutor(1, threads);
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** @throws IllegalStateException after {@link #close} */
    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
        if (task instanceof Scheduler.TaskRunOnClose) {
            onClose.add(task);
        }
        Runnable due = () -> {
            onClose.remove(task);
            executor.execute(task);
        };
        return timer(task, () -> thread.schedule(due, delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Repeats the task until it is cancelled or throws. */
    @Override
    @SuppressWarnings("deprecation") // to be called, not to be implemented
    public Cancellable schedule(
            FiniteDuration delay, FiniteDuration interval, Runnable task, ExecutionContext executor) {
        AtomicBoolean failed = new AtomicBoolean();
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                failed.set(true);
                throw e;
            }
        };
        Runnable due = () -> {
            if (failed.get()) {
                throw new CancellationException("failed before");
            }
            executor.execute(guarded);
        };
        return timer(
                task, () -> thread.scheduleAtFixedRate(due, delay.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public double maxFrequency() {
        return NANOS_PER_SECOND;
    }

    /** Ends all timers; runs Akka's mandatory shutdown tasks now on the caller's thread. */
    @Override
    public void close() {
        thread.shutdown();
        List.copyOf(onClose).stream().filter(onClose::remove).forEach(Runnable::run);
    }

    private Cancellable timer(Runnable task, Supplier<Future<?>> schedule) {
        try {
            return new Timer(schedule.get(), task);
        } catch (RejectedExecutionException e) {
            onClose.remove(task);
            throw new IllegalStateException("the timers have ended", e);
        }
    }

    private final class Timer implements Cancellable {
        private final Future<?> future;
        private final Runnable task;

        private Timer(Future<?> future, Runnable task) {
            this.future = future;
            this.task = task;
        }

        @Override
        public boolean cancel() {
            onClose.remove(task);
            return future.cancel(false);
        }

        @Override
        public boolean isCancelled() {
            return future.isCancelled();
        }
    }
}
