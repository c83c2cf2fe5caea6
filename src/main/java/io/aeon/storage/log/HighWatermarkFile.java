package io.aeon.storage.log;

import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Kafka's replication-offset-checkpoint: the high watermarks of all partitions of a data directory, written
 * periodically. A stored high watermark is at or below the true one; it may be above the end of a log that was
 * truncated later.
 */
public final class HighWatermarkFile {
    /** The file's name in the data directory. */
    public static final String FILE = "replication-offset-checkpoint";

    private static final String VERSION = "0";
    private static final int HEAD_LINES = 2;

    private HighWatermarkFile() {}

    /**
     * The high watermarks, with the names of the partitions' directories as keys.
     *
     * @return empty if the file is missing or damaged
     */
    public static Map<String, Long> read(Path parent, LogFiles files) {
        ByteBuffer bytes = AtomicFile.read(files, parent.resolve(FILE));
        return bytes == null
                ? Map.of()
                : parse(StandardCharsets.UTF_8.decode(bytes).toString()).orElse(Map.of());
    }

    private static Optional<Map<String, Long>> parse(String text) {
        String[] lines = text.split("\n", -1);
        Map<String, Long> offsets = new HashMap<>();
        try {
            if (!lines[0].equals(VERSION) || Integer.parseInt(lines[1]) != lines.length - HEAD_LINES - 1) {
                return Optional.empty();
            }
            for (int i = HEAD_LINES; i < lines.length - 1; i++) {
                String[] fields = lines[i].split(" ", -1);
                offsets.put(fields[0] + '-' + Integer.parseInt(fields[1]), Long.parseLong(fields[2]));
            }
            return Optional.of(offsets);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /**
     * Writes the file, durably.
     *
     * @param offsets the high watermarks, with the names of the partitions' directories as keys
     */
    public static void write(Path parent, Map<String, Long> offsets, LogFiles files) {
        StringBuilder text =
                new StringBuilder(VERSION).append('\n').append(offsets.size()).append('\n');
        new TreeMap<>(offsets).forEach((directory, offset) -> {
            int dash = directory.lastIndexOf('-');
            text.append(directory, 0, dash)
                    .append(' ')
                    .append(directory, dash + 1, directory.length())
                    .append(' ')
                    .append(offset)
                    .append('\n');
        });
        AtomicFile.replace(files, parent.resolve(FILE), StandardCharsets.UTF_8.encode(text.toString()));
        try {
            files.forceDirectory(parent);
        } catch (IOException e) {
            throw StorageException.of("cannot fsync " + parent, e);
        }
    }
}
