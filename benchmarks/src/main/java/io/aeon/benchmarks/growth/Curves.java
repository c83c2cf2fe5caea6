package io.aeon.benchmarks.growth;

import io.aeon.benchmarks.broker.Cost;
import io.aeon.benchmarks.broker.Figure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All samples of a run: each a JSON line in a file as soon as it is there, in the end a table and plots. */
final class Curves {
    private static final String AEON = "aeon-os";
    private static final String KAFKA = "kafka";
    private static final String BLUE = "#1864ab";
    private static final String ORANGE = "#d9480f";
    private static final double MICROS = 1e6;

    private record Point(Axis axis, int at, Operation operation, String side) {}

    private final Map<Point, Figure> figures = new HashMap<>();
    private final Path file;

    Curves(Path file) {
        this.file = file;
    }

    void add(int round, Axis axis, String side, Operation operation, int at, double records, Cost cost)
            throws IOException {
        double micros = cost.brokerSeconds() * MICROS / records;
        figures.computeIfAbsent(new Point(axis, at, operation, side), any -> new Figure())
                .add(micros, cost.noisy());
        String json = String.format(
                Locale.ROOT,
                "{\"round\":%d,\"side\":\"%s\",\"axis\":\"%s\",\"at\":%d,\"operation\":\"%s\",\"records\":%.0f,"
                        + "\"brokerSeconds\":%.2f,\"value\":%.4f,\"unit\":\"us/record\",\"noisy\":%b}%n",
                round,
                side,
                axis,
                at,
                operation,
                records,
                cost.brokerSeconds(),
                micros,
                cost.noisy());
        Files.writeString(file, json, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.err.print(json);
    }

    /** Broker CPU in microseconds per record, in Markdown. */
    String table(List<Axis> axes) {
        StringBuilder table = new StringBuilder();
        table.append("| what grows | to | produce, us a record: Aeon os | Kafka | Aeon/Kafka"
                        + " | consume, us a record: Aeon os | Kafka | Aeon/Kafka | to repeat |\n")
                .append("|---|---|---|---|---|---|---|---|---|\n");
        for (Axis axis : axes) {
            for (int at : axis.points) {
                table.append(String.format(
                        "| %s | %s | %s | %s | `benchmarks/growth --axes %s` |%n",
                        axis.title,
                        axis.label(at),
                        cells(axis, at, Operation.PRODUCE),
                        cells(axis, at, Operation.CONSUME),
                        axis));
            }
        }
        return table.toString();
    }

    private String cells(Axis axis, int at, Operation operation) {
        Figure aeon = figure(axis, at, operation, AEON);
        Figure kafka = figure(axis, at, operation, KAFKA);
        return String.join(" | ", aeon.cell(), kafka.cell(), aeon.over(kafka));
    }

    private Figure figure(Axis axis, int at, Operation operation, String side) {
        return figures.getOrDefault(new Point(axis, at, operation, side), new Figure());
    }

    /** The medians of one axis, as an SVG file. */
    String plot(Axis axis) {
        List<Plot.Line> lines = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            boolean dashed = operation == Operation.CONSUME;
            lines.add(new Plot.Line("Aeon, " + operation, BLUE, dashed, medians(axis, operation, AEON)));
            lines.add(new Plot.Line("Kafka, " + operation, ORANGE, dashed, medians(axis, operation, KAFKA)));
        }
        lines.removeIf(line -> line.dots().isEmpty());
        List<Plot.Tick> ticks = axis.points.stream()
                .map(at -> new Plot.Tick(at, axis.label(at)))
                .toList();
        return Plot.svg(axis.title, "broker CPU per record, \u00b5s", ticks, lines);
    }

    /** Those above zero, which is all that a logarithmic axis has. */
    private List<Plot.Dot> medians(Axis axis, Operation operation, String side) {
        List<Plot.Dot> dots = new ArrayList<>();
        for (int at : axis.points) {
            double micros = figure(axis, at, operation, side).median().orElse(0);
            if (micros > 0) {
                dots.add(new Plot.Dot(at, micros));
            }
        }
        return dots;
    }
}
