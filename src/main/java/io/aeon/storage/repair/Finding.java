package io.aeon.storage.repair;

import java.nio.file.Path;

/**
 * A result of the check of a stopped log.
 *
 * @param position position in {@code file}
 * @param harmful whether durable records are damaged or missing; otherwise the next start repairs it automatically
 */
public record Finding(Path file, long position, String problem, boolean harmful) {
    @Override
    public String toString() {
        return file + " at " + position + ": " + problem;
    }
}
