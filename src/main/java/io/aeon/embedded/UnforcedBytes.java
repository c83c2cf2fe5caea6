package io.aeon.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a power cut takes: of each file what lies behind its end at its last fsync, and files that were never forced.
 * Bytes that were overwritten before that end, and renames and removals, are as they would be if the disk had been
 * quick. Thread-safe.
 */
final class UnforcedBytes {
    private final Map<Path, Long> forcedTo = new ConcurrentHashMap<>();

    /** A file that does not exist is created. */
    void created(Path file) {
        forcedTo.putIfAbsent(file, 0L);
    }

    /** A file that existed with this size before anything was written to it. */
    void opened(Path file, long size) {
        forcedTo.putIfAbsent(file, size);
    }

    void forced(Path file, long size) {
        forcedTo.put(file, size);
    }

    void truncated(Path file, long size) {
        forcedTo.computeIfPresent(file, (same, forced) -> Math.min(forced, size));
    }

    /** A file, or a directory with its files. */
    void renamed(Path from, Path to) {
        for (Path file : List.copyOf(forcedTo.keySet())) {
            if (file.startsWith(from)) {
                Long forced = forcedTo.remove(file);
                if (forced != null) {
                    forcedTo.put(file.equals(from) ? to : to.resolve(from.relativize(file)), forced);
                }
            }
        }
    }

    void deleted(Path file) {
        forcedTo.remove(file);
    }

    /** Removes them from the disk. No file may be in use. */
    void lose() {
        forcedTo.forEach((file, forced) -> {
            try {
                if (forced == 0) {
                    Files.deleteIfExists(file);
                } else if (Files.exists(file)) {
                    cut(file, forced);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        forcedTo.clear();
    }

    private static void cut(Path file, long forced) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(forced);
        }
    }
}
