package io.aeon.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The time since the launcher was executed. The age of the process can be larger: a shell that executes the launcher in
 * its own place has run before.
 */
final class SinceLaunch {
    /** What the launcher has read from {@code /proc/uptime}: the seconds since the machine started. */
    private static final String LAUNCHED = "io.aeon.launched";

    private SinceLaunch() {}

    /** Milliseconds, to within 10 ms; those since the start of the JVM if the launcher could not tell. */
    static long millis() {
        String launched = System.getProperty(LAUNCHED);
        if (launched != null) {
            try {
                return millis(launched, Files.readString(Path.of("/proc/uptime")));
            } catch (IOException e) {
                // Without the machine's clock the JVM's has to do.
            }
        }
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }

    /**
     * The time between two moments.
     *
     * @param launched the uptime of the machine in seconds
     * @param uptime content of {@code /proc/uptime}: the same, later, and more
     */
    static long millis(String launched, String uptime) {
        double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) - Double.parseDouble(launched);
        return Math.round(seconds * 1000);
    }
}
