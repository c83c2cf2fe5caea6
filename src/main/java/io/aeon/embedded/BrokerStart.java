package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Starts a broker on its own thread, so that an interrupt of the caller ends the start only between two steps. All
 * threads of brokers belong to one thread group, which separates them from the threads of the surrounding program.
 */
final class BrokerStart {
    /** The thread group of all brokers in this JVM. */
    static final ThreadGroup THREADS = new ThreadGroup("aeon-broker");

    /** Maximum wait for the current step of a start that is to end. */
    static final Duration LONGEST_STEP = Duration.ofMinutes(1);

    private final OpenParts parts;
    private final Runnable onFailure;
    private final CompletableFuture<Wiring> wired = new CompletableFuture<>();

    private BrokerStart(OpenParts parts, Runnable onFailure) {
        this.parts = parts;
        this.onFailure = onFailure;
    }

    /**
     * Starts a broker and blocks until it serves clients.
     *
     * @param parts receives each part that is opened
     * @param onFailure closes what was opened if the start fails
     * @throws StartException the broker cannot start, or the caller was interrupted, in which case its interrupt flag
     *     is set
     */
    static Wiring run(Supplier<AeonSettings> settings, Surroundings surroundings, OpenParts parts, Runnable onFailure) {
        BrokerStart start = new BrokerStart(parts, onFailure);
        Thread thread = new Thread(THREADS, () -> start.wire(settings, surroundings), "aeon-start");
        thread.setDaemon(true);
        // The threads of the broker inherit this loader, by which Kafka loads classes. The caller's may not know Aeon.
        thread.setContextClassLoader(BrokerStart.class.getClassLoader());
        thread.start();
        return start.await();
    }

    private void wire(Supplier<AeonSettings> settings, Surroundings surroundings) {
        try {
            wired.complete(Wiring.of(settings.get(), surroundings, parts));
        } catch (Throwable e) {
            onFailure.run();
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
            var closing = wired.thenRun(onFailure);
            UninterruptedWait.await(closing, LONGEST_STEP);
            Thread.currentThread().interrupt();
            throw new StartException("the start was interrupted", e);
        }
    }
}
