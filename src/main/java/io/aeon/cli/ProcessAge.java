package io.aeon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * How long this process has run, its exec included. The JDK knows its start on Linux by a clock of whole seconds: it is
 * up to one second wrong.
 */
final class ProcessAge {
    private static final int TICKS_PER_SECOND = 100;
    private static final int MILLIS_PER_TICK = 1000 / TICKS_PER_SECOND;
    /** Where the start stands in a process's stat, counted behind its name: proc(5) has it as number 22, the name as 2. */
    private static final int START = 19;

    private ProcessAge() {}

    /** Milliseconds, on Linux to within ten. */
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
     * @param stat a process's line of that name in /proc
     * @param uptime the machine's line of that name in /proc
     */
    static long millis(String stat, String uptime) {
        String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START + 2);
        double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return Math.round(seconds * 1000) - Long.parseLong(behindName[START]) * MILLIS_PER_TICK;
    }
}
