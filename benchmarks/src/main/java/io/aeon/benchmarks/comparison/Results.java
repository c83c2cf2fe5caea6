package io.aeon.benchmarks.comparison;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** All samples of a run: each a JSON line in a file as soon as it is there, in the end one table. */
final class Results {
    /** The sides of the table: Aeon as durable as Kafka is by default, Kafka, and Aeon's own default. */
    static final String AEON = "aeon-os";

    static final String KAFKA = "kafka";
    static final String AEON_SYNC = "aeon-sync";

    /** What the machine itself costs, see {@link FloorServer}. */
    static final String FLOOR = "floor";

    private record Sample(int round, String side, Metric metric, double value, boolean noisy) {
        String json() {
            return String.format(
                    Locale.ROOT,
                    "{\"round\":%d,\"side\":\"%s\",\"row\":\"%s\",\"metric\":\"%s\",\"value\":%.4f,\"unit\":\"%s\","
                            + "\"noisy\":%b}%n",
                    round,
                    side,
                    metric.row,
                    metric.label,
                    value,
                    metric.unit,
                    noisy);
        }
    }

    private final List<Sample> samples = new ArrayList<>();
    private final Path file;

    Results(Path file) {
        this.file = file;
    }

    void add(int round, String side, Metric metric, double value, boolean noisy) throws IOException {
        Sample sample = new Sample(round, side, metric, value, noisy);
        samples.add(sample);
        Files.writeString(
                file, sample.json(), StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The table, in Markdown, of the rows named. */
    String table(Set<String> rows) {
        StringBuilder table = new StringBuilder();
        table.append(
                        "| measure | unit | Aeon os | Kafka | Aeon/Kafka | Aeon sync | sync/os | floor | Aeon/floor | to repeat |\n")
                .append("|---|---|---|---|---|---|---|---|---|---|\n");
        for (Metric metric : Metric.values()) {
            if (rows.contains(metric.row)) {
                table.append(String.format(
                        "| %s | %s | %s | %s | %s | %s | %s | %s | %s | `benchmarks/run --rows %s` |%n",
                        metric.label,
                        metric.unit,
                        cell(metric, AEON),
                        cell(metric, KAFKA),
                        ratio(metric, AEON, KAFKA),
                        cell(metric, AEON_SYNC),
                        ratio(metric, AEON_SYNC, AEON),
                        cell(metric, FLOOR),
                        ratio(metric, AEON, FLOOR),
                        metric.row));
            }
        }
        return table.toString();
    }

    private String cell(Metric metric, String side) {
        List<Sample> of = of(metric, side);
        if (of.isEmpty()) {
            return "-";
        }
        double[] values = values(of);
        String range = values.length == 1
                ? ""
                : String.format(" (%s-%s)", figure(values[0]), figure(values[values.length - 1]));
        String noise = of.stream().allMatch(Sample::noisy) ? " noisy" : "";
        return figure(median(values)) + range + noise;
    }

    private String ratio(Metric metric, String side, String reference) {
        OptionalDouble above = middle(metric, side);
        OptionalDouble below = middle(metric, reference);
        return above.isEmpty() || below.isEmpty() || below.getAsDouble() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.2f", above.getAsDouble() / below.getAsDouble());
    }

    private OptionalDouble middle(Metric metric, String side) {
        List<Sample> of = of(metric, side);
        return of.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(median(values(of)));
    }

    private List<Sample> of(Metric metric, String side) {
        return samples.stream()
                .filter(sample -> sample.metric == metric && sample.side.equals(side))
                .toList();
    }

    /** In order, and without those taken beside other work where there are better ones. */
    private static double[] values(List<Sample> samples) {
        boolean someClean = samples.stream().anyMatch(sample -> !sample.noisy);
        return samples.stream()
                .filter(sample -> !someClean || !sample.noisy)
                .mapToDouble(Sample::value)
                .sorted()
                .toArray();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String figure(double value) {
        String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
