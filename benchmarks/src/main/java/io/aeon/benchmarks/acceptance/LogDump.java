package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Apache Kafka's DumpLogSegments says of the files of one partition, which nobody may be writing.
 *
 * @param files of each kind that it knows
 * @param entries lines that it printed for batches, and for entries of the other kinds of files
 * @param complaints lines that tell of something wrong
 */
record LogDump(Map<String, Integer> files, int entries, List<String> complaints) {

    static final List<String> KINDS = List.of("log", "index", "timeindex", "txnindex", "snapshot");

    private static final Pattern FILE =
            Pattern.compile("\\d{20}(-\\d{10})?\\.(log|index|timeindex|txnindex|snapshot|checkpoint)");
    private static final Pattern ENTRY = Pattern.compile("(baseOffset|offset|timestamp|version|producerId): -?\\d+ .*");
    private static final Predicate<String> COMPLAINT_ON_OUTPUT = Pattern.compile(
                    "isvalid: false|invalid bytes|Unknown record type|Error at offset|Failed|Could not|UNKNOWN")
            .asPredicate();
    private static final Pattern GAP = Pattern.compile("  (-?\\d+) is followed by (\\d+)");
    private static final String MISMATCH_IN = "Found timestamp mismatch in :";
    private static final String EMPTY_BATCH = ", log timestamp: -1";
    private static final String GAPS_IN = "Non-consecutive offsets in ";

    /**
     * Runs the tool on all files of the partition.
     *
     * @param decoder the option for a topic whose records it can read, or empty
     * @param compacted whether offsets may be missing
     */
    static LogDump of(Path partition, String decoder, boolean compacted) throws IOException {
        Map<String, Integer> kinds = new TreeMap<>();
        List<String> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(partition)) {
            all.sorted().forEach(file -> {
                Matcher name = FILE.matcher(file.getFileName().toString());
                if (name.matches()) {
                    kinds.merge(name.group(2), 1, Integer::sum);
                    files.add(file.toString());
                }
            });
        }
        List<String> arguments = new ArrayList<>(List.of("--deep-iteration", "--files", String.join(",", files)));
        if (!decoder.isEmpty()) {
            arguments.add(decoder);
        }
        return run(arguments, kinds, compacted);
    }

    private static LogDump run(List<String> arguments, Map<String, Integer> kinds, boolean compacted)
            throws IOException {
        Path output = Files.createTempFile("dump", ".out");
        Path errors = Files.createTempFile("dump", ".err");
        try {
            int status = new ProcessBuilder(Home.program(
                            "tools", List.of("-Xmx256m"), "org.apache.kafka.tools.DumpLogSegments", arguments))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start()
                    .onExit()
                    .join()
                    .exitValue();
            List<String> complaints = new ArrayList<>();
            if (status != 0) {
                complaints.add("it ended with " + status);
            }
            List<String> printed = Files.readAllLines(output);
            printed.stream().filter(COMPLAINT_ON_OUTPUT).forEach(complaints::add);
            Files.readAllLines(errors).stream()
                    .filter(line -> !isAsItMustBe(line, compacted))
                    .forEach(complaints::add);
            int entries = (int) printed.stream()
                    .filter(line -> ENTRY.matcher(line).matches())
                    .count();
            return new LogDump(kinds, entries, complaints);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /**
     * The JVM warns of what Kafka uses; the tool calls it a gap when a segment does not begin at 0, and knows nothing
     * of compaction and of the empty batches it leaves.
     */
    private static boolean isAsItMustBe(String line, boolean compacted) {
        Matcher gap = GAP.matcher(line);
        return line.isBlank()
                || line.startsWith("WARNING: ")
                || (compacted && (line.startsWith(MISMATCH_IN) || line.endsWith(EMPTY_BATCH)))
                || line.startsWith(GAPS_IN)
                || (gap.matches() && (gap.group(1).equals("-1") || (compacted && isRising(gap))));
    }

    private static boolean isRising(Matcher gap) {
        return Long.parseLong(gap.group(1)) < Long.parseLong(gap.group(2));
    }
}
