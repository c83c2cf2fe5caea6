package io.aeon.benchmarks.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A continuous client of any kind, in a process of its own. */
final class ContinuousProcess implements AutoCloseable {
    private static final int PATIENCE_MINUTES = 5;

    private final Process process;
    private final Writer commands;
    private final CompletableFuture<ClientReport> report;

    /** @param errors the file that takes its error output */
    ContinuousProcess(List<String> command, Path errors) throws IOException {
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        commands = process.outputWriter();
        report = CompletableFuture.supplyAsync(this::read);
    }

    private ClientReport read() {
        ClientReport read = new ClientReport();
        process.inputReader().lines().forEach(read::add);
        return read;
    }

    /** Sends it a line. */
    void say(String line) throws IOException {
        commands.write(line + "\n");
        commands.flush();
    }

    /** Waits for its end. */
    ClientReport report() {
        return report.orTimeout(PATIENCE_MINUTES, TimeUnit.MINUTES).join();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            commands.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
