package io.aeon.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many segments may be memory-mapped: half of what the kernel grants a process, which aborts a JVM that takes more. */
final class MapLimit {
    private static final Path OF_THE_KERNEL = Path.of("/proc/sys/vm/max_map_count");
    private static final int USUAL = 65_530;

    private MapLimit() {}

    static int maps() {
        try {
            return Integer.parseInt(Files.readString(OF_THE_KERNEL).trim()) / 2;
        } catch (IOException | NumberFormatException e) {
            return USUAL / 2;
        }
    }
}
