package io.aeon.storage.repair;

import java.nio.file.Path;

/**
 * Something that a stopped log is looked at for.
 *
 * @param position in {@code file}
 * @param harmful records that were durable are damaged or missing; else the next start puts it right by itself
 */
public record Finding(Path file, long position, String problem, boolean harmful) {
    @Override
    public String toString() {
        return file + " at " + position + ": " + problem;
    }
}
