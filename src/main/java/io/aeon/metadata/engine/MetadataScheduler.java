package io.aeon.metadata.engine;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread for the delayed tasks of the metadata engine.
 * Some of them are for the case that nothing happens for days.
 */
final class MetadataScheduler {
    private final ScheduledThreadPoolExecutor executor;

    MetadataScheduler(String threadPrefix) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, threadPrefix + "metadata-scheduler");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    ScheduledExecutorService executor() {
        return executor;
    }

    /** Ends the delayed tasks, and waits for the one in progress, which may write to the data directory. */
    void stop() throws InterruptedException {
        executor.shutdown();
        var unused = executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }
}
