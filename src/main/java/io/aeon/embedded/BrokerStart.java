package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import io.aeon.storage.file.LogFiles;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * A start on a thread of its own: an interrupt of the caller ends the start at its next step, but disturbs none. The
 * threads of brokers belong to one group, by which they can be told from those of the program around them.
 */
final class BrokerStart {
    /** The threads of all brokers of this JVM. */
    static final ThreadGroup THREADS = new ThreadGroup("aeon-broker");

    /** Longest wait for a step of an interrupted start. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(1);

    private final OpenParts parts;
    private final CompletableFuture<Wiring> wired = new CompletableFuture<>();

    private BrokerStart(OpenParts parts) {
        this.parts = parts;
    }

    /**
     * Starts a broker and waits for it.
     *
     * @param parts takes what is opened; empty again if the start fails
     * @throws StartException it cannot start, or the caller was interrupted, who still is then
     */
    static Wiring run(Supplier<AeonSettings> settings, LogFiles files, OpenParts parts) {
        BrokerStart start = new BrokerStart(parts);
        Thread thread = new Thread(THREADS, () -> start.wire(settings, files), "aeon-start");
        thread.setDaemon(true);
        thread.start();
        return start.await();
    }

    private void wire(Supplier<AeonSettings> settings, LogFiles files) {
        try {
            wired.complete(Wiring.of(settings.get(), files, parts));
        } catch (Throwable e) {
            parts.close();
            wired.completeExceptionally(e);
        }
    }

    private Wiring await() {
        try {
            return wired.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new StartException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            parts.abandon();
            var closing = wired.thenRun(parts::close);
            UninterruptedWait.await(closing, LONGEST_STEP);
            Thread.currentThread().interrupt();
            throw new StartException("the start was interrupted", e);
        }
    }
}
