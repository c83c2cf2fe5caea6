package io.aeon.cli;

import io.aeon.embedded.Aeon;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Makes a signal stop the broker in order and the process exit with 0, where a JVM left alone would exit with 143. */
final class CleanStop {
    private final CompletableFuture<Aeon> broker = new CompletableFuture<>();
    private volatile boolean failed;

    private CleanStop() {}

    static CleanStop onSignal() {
        CleanStop stop = new CleanStop();
        Runtime.getRuntime().addShutdownHook(new Thread(stop::run, "aeon-stop"));
        return stop;
    }

    Aeon started(Aeon started) {
        broker.complete(started);
        return started;
    }

    /** The broker did not start, or ended by itself: the exit code is 1. */
    void failed() {
        failed = true;
        broker.completeExceptionally(new IllegalStateException("no broker"));
    }

    /** A signal during the start waits for its end: what is half open cannot be closed in order. */
    private void run() {
        try {
            broker.join().close();
        } catch (CompletionException e) {
            failed = true;
        }
        Runtime.getRuntime().halt(failed ? 1 : 0);
    }
}
