package io.aeon.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.ApiKeys;

/** Counts what was compared, and writes the result as Markdown. A case that was asked more than once counts once. */
final class ComparisonTable {
    private static final class Row {
        private final Set<Integer> versions = new HashSet<>();
        private final Set<Case> cases = new HashSet<>();
        private final Set<Case> accepted = new HashSet<>();
        private final Set<Case> unexplained = new HashSet<>();

        private int equal() {
            Set<Case> different = new HashSet<>(accepted);
            different.addAll(unexplained);
            return cases.size() - different.size();
        }
    }

    private final AcceptedDifferences accepted;
    private final Map<ApiKeys, Row> rows = new TreeMap<>();
    private final List<String> unexplained = new ArrayList<>();

    ComparisonTable(AcceptedDifferences accepted) {
        this.accepted = accepted;
    }

    /** Compares two answers to the same request and returns the differences that are not accepted. */
    List<Difference> add(Transcript.Entry kafka, Transcript.Entry aeon) {
        Case asked = kafka.asked();
        Row row = rows.computeIfAbsent(asked.api(), first -> new Row());
        row.versions.add(asked.version());
        row.cases.add(asked);
        List<Difference> left = new ArrayList<>();
        for (Difference found : Difference.between(asked, kafka.answer(), aeon.answer())) {
            if (accepted.cover(found)) {
                row.accepted.add(asked);
            } else {
                row.unexplained.add(asked);
                left.add(found);
            }
        }
        left.forEach(found -> unexplained.add(
                found + "\n    request " + shortened(kafka.request().toString())));
        return left;
    }

    private static String shortened(String request) {
        int longest = 600;
        return request.length() > longest ? request.substring(0, longest) + "..." : request;
    }

    int cases() {
        return rows.values().stream().mapToInt(row -> row.cases.size()).sum();
    }

    /** Writes the table, and beside it each difference that is not accepted. */
    void write(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("table.md"), markdown());
            Files.writeString(directory.resolve("unexplained.txt"), String.join("\n\n", unexplained));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String markdown() {
        StringBuilder text = new StringBuilder("| API | versions | cases | equal | accepted | unexplained |\n")
                .append("|---|---|---|---|---|---|\n");
        rows.forEach((api, row) -> text.append("| %s | %s | %d | %d | %d | %d |\n"
                .formatted(
                        api.name,
                        versions(row),
                        row.cases.size(),
                        row.equal(),
                        row.accepted.size(),
                        row.unexplained.size())));
        text.append("| all | %d | %d | %d | %d | %d |\n"
                .formatted(
                        rows.values().stream()
                                .mapToInt(row -> row.versions.size())
                                .sum(),
                        cases(),
                        rows.values().stream().mapToInt(Row::equal).sum(),
                        rows.values().stream()
                                .mapToInt(row -> row.accepted.size())
                                .sum(),
                        rows.values().stream()
                                .mapToInt(row -> row.unexplained.size())
                                .sum()));
        text.append("\n| accepted in | found | why |\n|---|---|---|\n");
        accepted.uses()
                .forEach((each, count) -> text.append("| %s | %d | %s |\n"
                        .formatted(
                                each.api().replace("|", ", "),
                                count,
                                each.reason().strip().replaceAll("\\s+", " "))));
        return text.toString();
    }

    private static String versions(Row row) {
        return row.versions.stream().min(Integer::compare).orElseThrow() + "-"
                + row.versions.stream().max(Integer::compare).orElseThrow();
    }
}
