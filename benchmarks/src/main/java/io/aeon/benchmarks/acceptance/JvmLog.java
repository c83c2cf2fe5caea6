package io.aeon.benchmarks.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM logged of its pauses, JDK 17 to 25. Times are those of {@link System#nanoTime()}, which on Linux all
 * processes share.
 */
record JvmLog(List<Safepoint> safepoints, List<Collection> collections) {
    private static final Pattern SAFEPOINT = Pattern.compile("\\[([\\d.]+s)]\\[(\\d+)ns] Safepoint \"(\\w+)\".*"
            + "Reaching safepoint: +(\\d+) ns.*Total: +(\\d+) ns.*");
    private static final Pattern COLLECTION =
            Pattern.compile("\\[[\\d.]+s]\\[(\\d+)ns] GC\\(\\d+\\) Pause (.*) \\d+M->(\\d+)M\\(\\d+M\\) ([\\d.]+)ms");

    /** What a heap histogram is called, and the full collection before it. */
    private static final String INSPECTION = "GC_HeapInspection";

    private static final String BEFORE_INSPECTION = "Full (Heap Inspection Initiated GC)";

    /**
     * All threads stood still.
     *
     * @param uptime when they went on, as the log writes it
     * @param endNanos the same
     * @param cause what was done meanwhile
     * @param reachingNanos until the last thread stood
     * @param totalNanos all of it
     */
    record Safepoint(String uptime, long endNanos, String cause, long reachingNanos, long totalNanos) {
        double millis() {
            return totalNanos / 1e6;
        }

        /** By whoever asked for a heap histogram. */
        boolean isAskedFor() {
            return cause.equals(INSPECTION);
        }
    }

    /** A pause of the garbage collector, and the heap in use at its end. */
    record Collection(long endNanos, String kind, int heapMiB, double millis) {
        /** By whoever asked for a heap histogram. */
        boolean isAskedFor() {
            return kind.equals(BEFORE_INSPECTION);
        }
    }

    /** JVM options that have all this written to the file, by a thread of its own, which no safepoint waits for. */
    static List<String> options(Path file) {
        return List.of("-Xlog:async", "-Xlog:gc*,safepoint:file=" + file + ":uptime,timenanos:filecount=0");
    }

    static JvmLog read(Path file) throws IOException {
        List<Safepoint> safepoints = new ArrayList<>();
        List<Collection> collections = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Matcher safepoint = SAFEPOINT.matcher(line);
            Matcher collection = COLLECTION.matcher(line);
            if (safepoint.matches()) {
                safepoints.add(new Safepoint(
                        safepoint.group(1),
                        Long.parseLong(safepoint.group(2)),
                        safepoint.group(3),
                        Long.parseLong(safepoint.group(4)),
                        Long.parseLong(safepoint.group(5))));
            } else if (collection.matches()) {
                collections.add(new Collection(
                        Long.parseLong(collection.group(1)),
                        collection.group(2),
                        Integer.parseInt(collection.group(3)),
                        Double.parseDouble(collection.group(4))));
            }
        }
        return new JvmLog(safepoints, collections);
    }

    /** What was logged from the first moment up to the second. */
    JvmLog between(long fromNanos, long toNanos) {
        return new JvmLog(
                safepoints.stream()
                        .filter(each -> fromNanos <= each.endNanos && each.endNanos < toNanos)
                        .toList(),
                collections.stream()
                        .filter(each -> fromNanos <= each.endNanos && each.endNanos < toNanos)
                        .toList());
    }
}
