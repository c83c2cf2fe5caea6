package io.aeon.network;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Gets memory back for those who wait for it. As long as a claim waits, the connections that hold memory and send or
 * read too slowly are looked for and closed. Nothing runs while no claim waits. Thread-safe.
 */
final class MemoryRelief {
    private final Connections connections;
    private final ByteBudget requests;
    private final ByteBudget answers;
    private final Consumer<Runnable> later;
    private final AtomicBoolean running = new AtomicBoolean();

    /** @param later runs a task once after a fraction of a second, on any thread */
    MemoryRelief(Connections connections, ByteBudget requests, ByteBudget answers, Consumer<Runnable> later) {
        this.connections = connections;
        this.requests = requests;
        this.answers = answers;
        this.later = later;
    }

    /** Watches both budgets from now on. */
    void start() {
        requests.whenContended(this::begin);
        answers.whenContended(this::begin);
    }

    private void begin() {
        if (running.compareAndSet(false, true)) {
            later.accept(this::check);
        }
    }

    private void check() {
        boolean goOn = true;
        try {
            boolean requestsWait = requests.contended();
            boolean answersWait = answers.contended();
            goOn = requestsWait || answersWait;
            if (goOn) {
                connections.closeSlow(System.nanoTime(), requestsWait, answersWait);
            }
        } finally {
            if (goOn) {
                later.accept(this::check);
            }
        }
        if (!goOn) {
            end();
        }
    }

    private void end() {
        running.set(false);
        if (requests.contended() || answers.contended()) {
            begin();
        }
    }
}
