package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program that runs to its end. */
public final class Program {
    private Program() {}

    /** Its output and error output; a failure of the program is an exception that shows them. */
    public static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(String.join(" ", command) + " ended with " + status + ":\n" + output);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
        return output;
    }
}
