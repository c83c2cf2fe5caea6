package io.aeon.embedded;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a future in spite of interrupts. */
final class UninterruptedWait {
    private UninterruptedWait() {}

    /**
     * Waits until {@code work} completes. An interrupt sets the thread's interrupt flag only when the wait is over.
     *
     * @return false if {@code work} has not completed, normally or exceptionally, within {@code longest}
     */
    static boolean await(CompletableFuture<?> work, Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    work.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return true;
                } catch (ExecutionException e) {
                    return true;
                } catch (TimeoutException e) {
                    return false;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
