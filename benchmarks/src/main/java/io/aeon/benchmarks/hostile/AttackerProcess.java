package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Home;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The attacking program in a JVM of its own: its collections of garbage are not the good client's, and its end is abrupt. */
final class AttackerProcess implements AutoCloseable {
    private final Process process;

    /** Returns when the attack begins. */
    AttackerProcess(Row row, int port) throws IOException {
        List<String> command = Home.program(
                "programs",
                List.of(
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-Dbenchmarks.target=" + System.getProperty("benchmarks.target")),
                Attacker.class.getName(),
                List.of(row.name(), Integer.toString(port)));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        if (!Attacker.BEGINS.equals(output.readLine())) {
            close();
            throw new IOException("the attack did not begin");
        }
    }

    /** Whether it attacks still, or has ended by a fault of its own. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it as a crash does: the system closes its connections. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
