package io.aeon.benchmarks.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Programs of the system that a rig needs. */
final class Commands {
    private Commands() {}

    /** Runs one to its end; a failure is an error with what it printed. */
    static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.onExit().join().exitValue();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status + ": " + printed);
        }
    }
}
