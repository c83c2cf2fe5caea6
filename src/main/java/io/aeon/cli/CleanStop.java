package io.aeon.cli;

import io.aeon.embedded.Aeon;
import io.aeon.logging.QueuedLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;

/** Makes a signal stop the broker cleanly and the process exit with code 0. Without it the JVM would exit with 143. */
final class CleanStop {
    private final CompletableFuture<AutoCloseable> broker = new CompletableFuture<>();
    private final Thread starter;
    private final IntConsumer exit;
    private volatile boolean underWay;
    private volatile boolean failed;

    /**
     * @param starter the thread that starts the broker; an interrupt ends its start
     * @param exit ends the process with the given code; called from a JVM shutdown hook
     */
    CleanStop(Thread starter, IntConsumer exit) {
        this.starter = starter;
        this.exit = exit;
    }

    /**
     * Registers the shutdown hook, for a broker that the calling thread starts. {@link #isUnderWay} is true at once if
     * the signal has already arrived.
     */
    static CleanStop onSignal() {
        CleanStop stop = new CleanStop(Thread.currentThread(), code -> {
            QueuedLog.end();
            Runtime.getRuntime().halt(code);
        });
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

    /** Whether the process received a signal to stop, or failed and is ending. */
    boolean isUnderWay() {
        return underWay;
    }

    /**
     * The broker did not start or stopped after a fatal error, so that the exit code is 1. A call after the signal does
     * not count as a failure, because a JVM that is ending refuses resources that a start needs.
     */
    void failed() {
        failed |= !underWay;
        broker.completeExceptionally(new IllegalStateException("no broker"));
    }

    /**
     * Stops the broker. During a start this interrupts the start and waits for its end, because a partly open broker
     * cannot be closed cleanly.
     */
    void run() {
        underWay = true;
        if (!broker.isDone()) {
            starter.interrupt();
        }
        try {
            broker.join().close();
        } catch (CompletionException e) {
            // The start has failed and has closed everything that was open.
        } catch (Exception e) {
            failed = true;
        }
        exit.accept(failed ? Main.FAILED : Main.OK);
    }
}
