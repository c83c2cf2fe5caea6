package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The attacking program in a JVM of its own: its collections of garbage are not the good client's, and its end is
 * abrupt.
 */
final class AttackerProcess implements AutoCloseable {
    private static final int LOOK_MILLIS = 100;

    private final Process process;

    /** Returns when the attack begins, which the program says by a line. Its other lines go to standard output. */
    AttackerProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        if (!Attacker.BEGINS.equals(output.readLine())) {
            process.destroyForcibly();
            throw new IOException("the attack did not begin");
        }
        Thread reader = new Thread(() -> print(output), "attacker's output");
        reader.setDaemon(true);
        reader.start();
    }

    private static void print(BufferedReader output) {
        try {
            output.lines().forEach(line -> System.out.println("      " + line));
        } catch (UncheckedIOException killed) {
            return;
        }
    }

    /** Waits until the attack ends, or the broker, or the time is over: whether the attack had no fault of its own. */
    boolean goesOn(BrokerProcess broker, int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end && process.isAlive() && broker.isAlive()) {
            BrokerProcess.pause(LOOK_MILLIS);
        }
        return process.isAlive() || process.exitValue() == 0 || !broker.isAlive();
    }

    /** Ends it as a crash does: the system closes its connections. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
