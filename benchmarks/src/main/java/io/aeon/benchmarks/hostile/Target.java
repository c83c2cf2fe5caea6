package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The broker under attack, as the attacking process sees it. Safe for several threads. */
final class Target {
    /** A topic with one partition that is there for the attacks; the good client does not use it. */
    static final String TOPIC = "attacked";

    /** A topic with one partition to which the good client writes. */
    static final String WRITTEN_TOPIC = "written";

    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;

    Target(int port) {
        this.port = port;
    }

    Wire connect() throws IOException {
        return new Wire(port, TIMEOUT_MILLIS);
    }

    /** Sends a request on a connection of its own and waits for the reply, whatever it says. */
    void ask(ByteBuffer frame) throws IOException {
        try (Wire wire = connect()) {
            wire.send(frame);
            wire.reply();
        }
    }

    /** A step of several connections at a time. */
    interface Step {
        void run(int number) throws Exception;
    }

    /**
     * Does the step once on each of {@code count} threads and waits for all; connections that the broker ended are
     * well.
     */
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
