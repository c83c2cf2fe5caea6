package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** The broker under attack, as the attacking process sees it. Safe for several threads. */
final class Target {
    /** A topic with one partition that is there for the attacks; the good client does not use it. */
    static final String TOPIC = "attacked";

    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;
    private final AtomicLong done = new AtomicLong();

    Target(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    Wire connect() throws IOException {
        done.incrementAndGet();
        return new Wire(port, TIMEOUT_MILLIS);
    }

    /** Connections made so far. */
    long connections() {
        return done.get();
    }

    /** A step of several connections at a time. */
    interface Step {
        void run(int number) throws Exception;
    }

    /** Does the step once on each of {@code count} threads and waits for all; connections that the broker ended are well. */
    void together(int count, Step step) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<?>> steps = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                steps.add(threads.submit(() -> {
                    step.run(number);
                    return null;
                }));
            }
            for (Future<?> each : steps) {
                Attacker.tolerate(each::get);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Opens connections that each send these bytes and stay open. */
    List<Wire> hold(int count, ByteBuffer bytes) throws IOException {
        List<Wire> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Wire wire = connect();
            held.add(wire);
            wire.send(bytes);
        }
        return held;
    }

    static void close(List<Wire> wires) throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
    }
}
