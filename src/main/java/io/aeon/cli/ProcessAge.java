package io.aeon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * The age of this process since its exec. The JDK's own value is wrong by up to a second on Linux, because it uses a
 * clock of whole seconds.
 */
final class ProcessAge {
    private static final int TICKS_PER_SECOND = 100;
    private static final int MILLIS_PER_TICK = 1000 / TICKS_PER_SECOND;
    /**
     * Index of the start time among the fields after the process name in /proc/PID/stat; proc(5) numbers it 22, and the
     * name 2.
     */
    private static final int START = 19;

    private ProcessAge() {}

    /** The age in milliseconds, on Linux to within 10 ms. */
    static long millis() {
        try {
            return millis(Files.readString(Path.of("/proc/self/stat")), Files.readString(Path.of("/proc/uptime")));
        } catch (IOException e) {
            Instant now = Instant.now();
            Instant start = ProcessHandle.current().info().startInstant().orElse(now);
            return Duration.between(start, now).toMillis();
        }
    }

    /**
     * @param stat content of /proc/PID/stat
     * @param uptime content of /proc/uptime
     */
    static long millis(String stat, String uptime) {
        String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START + 2);
        double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return Math.round(seconds * 1000) - Long.parseLong(behindName[START]) * MILLIS_PER_TICK;
    }
}
