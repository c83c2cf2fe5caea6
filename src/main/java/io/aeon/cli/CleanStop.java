package io.aeon.cli;

import io.aeon.embedded.Aeon;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;

/** Makes a signal stop the broker in order and the process exit with 0, where a JVM left alone would exit with 143. */
final class CleanStop {
    private final CompletableFuture<AutoCloseable> broker = new CompletableFuture<>();
    private final IntConsumer exit;
    private volatile boolean underWay;
    private volatile boolean failed;

    /** @param exit ends the process with a code, from a hook that the JVM runs at its end */
    CleanStop(IntConsumer exit) {
        this.exit = exit;
    }

    /** One that is under way already if the signal has come before. */
    static CleanStop onSignal() {
        CleanStop stop = new CleanStop(Runtime.getRuntime()::halt);
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(stop::run, "aeon-stop"));
        } catch (IllegalStateException e) {
            stop.underWay = true;
        }
        return stop;
    }

    Aeon started(Aeon started) {
        broker.complete(started);
        return started;
    }

    /** Whether the process was told to stop, or has failed and is ending. */
    boolean isUnderWay() {
        return underWay;
    }

    /**
     * The broker did not start, or ended by itself: the exit code is 1. Told after a signal it is no failure: a JVM that
     * is ending refuses what a start needs.
     */
    void failed() {
        failed |= !underWay;
        broker.completeExceptionally(new IllegalStateException("no broker"));
    }

    /** A signal during the start waits for its end: what is half open cannot be closed in order. */
    void run() {
        underWay = true;
        try {
            broker.join().close();
        } catch (CompletionException e) {
            // The start has failed, which has closed what was open.
        } catch (Exception e) {
            failed = true;
        }
        exit.accept(failed ? Main.FAILED : Main.OK);
    }
}
