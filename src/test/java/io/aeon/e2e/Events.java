package io.aeon.e2e;

import io.aeon.PatientWaits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Server-sent events, one after the other. */
final class Events implements AutoCloseable {
    private final BufferedReader lines;

    Events(InputStream stream) {
        lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** The data of the next event of this name that {@code wanted} takes. */
    String next(String name, Predicate<String> wanted) {
        try {
            String event = "";
            long deadline = System.nanoTime() + PatientWaits.LIMIT.toNanos();
            for (String line = lines.readLine();
                    line != null && System.nanoTime() < deadline;
                    line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    event = line.substring("event: ".length());
                } else if (line.startsWith("data: ") && event.equals(name)) {
                    String data = line.substring("data: ".length());
                    if (wanted.test(data)) {
                        return data;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no such event has come: " + name);
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
