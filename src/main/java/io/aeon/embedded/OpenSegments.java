package io.aeon.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many segments may be held open: half of the memory maps that the kernel grants a process, which aborts a JVM that
 * takes more, and half of its descriptors; the other half is for connections and for what is open for a moment.
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

    /** What the limit follows from, in words for a log line. */
    public static String described() {
        return descriptors() + " descriptors and vm.max_map_count " + maps() + " allow " + limit() + " open segments";
    }

    /** A setting of the kernel is whole in the first read only; reading a file of unknown size begins with one byte. */
    private static int maps() {
        try (BufferedReader file = Files.newBufferedReader(MAPS)) {
            return Integer.parseInt(String.valueOf(file.readLine()));
        } catch (IOException | NumberFormatException e) {
            return USUAL_MAPS;
        }
    }

    private static int descriptors() {
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
