package io.aeon.embedded;

import io.aeon.storage.file.MapBudget;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/**
 * How segments and connections share the file descriptors of the process. Segments may have half of them, and at most
 * half of the kernel's limit for memory maps, since a JVM that exceeds that limit aborts. Connections may have what the
 * open segments leave, but for an eighth of all and at least 128. These remain for segments that are opened later, for
 * files that are open only briefly, and for the program itself.
 */
public final class Descriptors {
    private static final Path MAPS = Path.of("/proc/sys/vm/max_map_count");
    private static final int USUAL_MAPS = 65_530;
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String DESCRIPTORS = "Max open files";
    private static final int USUAL_DESCRIPTORS = 1024;
    private static final int LEAST_SPARE = 128;

    private Descriptors() {}

    /** The number of segments that may be open at once. */
    static int ofSegments() {
        return Math.min(maps(), descriptors()) / 2;
    }

    /** The number of connections that may be open at once, beside the segments that are open then. */
    static IntSupplier ofConnections(MapBudget segments) {
        int all = descriptors();
        int shared = all - Math.max(all / 8, LEAST_SPARE);
        return () -> shared - segments.descriptors();
    }

    /** The values behind the limits, as text for a log line. */
    public static String described() {
        return descriptors() + " descriptors and vm.max_map_count " + maps() + " allow " + ofSegments()
                + " open segments";
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
