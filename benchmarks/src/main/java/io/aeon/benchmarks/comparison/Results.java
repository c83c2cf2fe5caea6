package io.aeon.benchmarks.comparison;

import io.aeon.benchmarks.broker.Figure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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

    private final Map<Metric, Map<String, Figure>> figures = new EnumMap<>(Metric.class);
    private final Path file;

    Results(Path file) {
        this.file = file;
    }

    void add(int round, String side, Metric metric, double value, boolean noisy) throws IOException {
        Sample sample = new Sample(round, side, metric, value, noisy);
        figures.computeIfAbsent(metric, any -> new HashMap<>())
                .computeIfAbsent(side, any -> new Figure())
                .add(value, noisy);
        Files.writeString(
                file, sample.json(), StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The table, in Markdown, of the rows named. */
    String table(Set<String> rows) {
        StringBuilder table = new StringBuilder();
        table.append(
                        "| measure | unit | Aeon os | Kafka | Aeon/Kafka | Aeon sync | sync/os | sync/Kafka | floor | Aeon/floor | to repeat |\n")
                .append("|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (Metric metric : Metric.values()) {
            if (rows.contains(metric.row)) {
                table.append(String.format(
                        "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | `benchmarks/run --rows %s` |%n",
                        metric.label,
                        metric.unit,
                        figure(metric, AEON).cell(),
                        figure(metric, KAFKA).cell(),
                        figure(metric, AEON).over(figure(metric, KAFKA)),
                        figure(metric, AEON_SYNC).cell(),
                        figure(metric, AEON_SYNC).over(figure(metric, AEON)),
                        figure(metric, AEON_SYNC).over(figure(metric, KAFKA)),
                        figure(metric, FLOOR).cell(),
                        figure(metric, AEON).over(figure(metric, FLOOR)),
                        metric.row));
            }
        }
        return table.toString();
    }

    private Figure figure(Metric metric, String side) {
        return figures.getOrDefault(metric, Map.of()).getOrDefault(side, new Figure());
    }
}
