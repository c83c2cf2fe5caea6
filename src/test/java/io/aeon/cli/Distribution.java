package io.aeon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The distribution that the build has made, run as a user runs it. */
final class Distribution {
    static final Path AEON = Path.of("target/aeon/bin/aeon").toAbsolutePath();

    private Distribution() {}

    /** @param launcher {@link #AEON}, a copy of it or a link to it */
    static ProcessBuilder command(Path workingDirectory, Path launcher, String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(workingDirectory.toFile());
    }

    static String firstLine(Process process) throws Exception {
        return CompletableFuture.supplyAsync(() -> line(process.getInputStream()))
                .get(60, TimeUnit.SECONDS);
    }

    /** Reads byte by byte, so that no byte of later output is consumed. */
    static String line(InputStream in) {
        StringBuilder line = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                line.append((char) next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    static String rest(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
