package io.aeon.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The number of segments that may be open at once. It is half of the smaller of two limits: the kernel's limit for
 * memory maps of a process (a JVM that exceeds it aborts), and the limit for file descriptors. The other half remains
 * for connections and for files that are open only briefly.
 */
public final class OpenSegments {
    private static final Path MAPS = Path.of("/proc/sys/vm/max_map_count");
    private static final int USUAL_MAPS = 65_530;
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String DESCRIPTORS = "Max open files";
    private static final int USUAL_DESCRIPTORS = 1024;

    private OpenSegments() {}

    static int limit() {
        return Math.min(maps(), descriptors()) / 2;
    }

    /** The values behind the limit, as text for a log line. */
    public static String described() {
        return descriptors() + " descriptors and vm.max_map_count " + maps() + " allow " + limit() + " open segments";
    }

    /**
     * The kernel's limit for memory maps of a process.
     *
     * <p>Reads the file with a buffer, because the kernel returns the whole value only to the first read, and {@link
     * Files#readString} begins with a read of one byte.
     */
    public static int maps() {
        try (BufferedReader file = Files.newBufferedReader(MAPS)) {
            return Integer.parseInt(String.valueOf(file.readLine()));
        } catch (IOException | NumberFormatException e) {
            return USUAL_MAPS;
        }
    }

    /** The limit for file descriptors of this process. */
    public static int descriptors() {
        try {
            return Files.readAllLines(LIMITS).stream()
                    .filter(line -> line.startsWith(DESCRIPTORS))
                    .map(line -> line.substring(DESCRIPTORS.length()).trim().split("\\s+", 2)[0])
                    .map(soft -> soft.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(soft))
                    .findFirst()
                    .orElse(USUAL_DESCRIPTORS);
        } catch (IOException | NumberFormatException e) {
            return USUAL_DESCRIPTORS;
        }
    }
}
