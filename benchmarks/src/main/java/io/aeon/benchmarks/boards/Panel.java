package io.aeon.benchmarks.boards;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A panel of a dashboard.
 *
 * @param name board and panel
 * @param expression PromQL with {@code $variables}
 */
record Panel(String name, String expression) {
    /** The panels of a file with a line {@code board | panel | expression} for each. */
    static List<Panel> of(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" \\| ", 3))
                .map(parts -> new Panel(parts[0] + ": " + parts[1], parts[2]))
                .toList();
    }

    /** The expression with these values for its variables. */
    String query(Map<String, String> variables) {
        String query = expression;
        for (Map.Entry<String, String> each : variables.entrySet()) {
            query = query.replace("$" + each.getKey(), each.getValue());
        }
        return query;
    }
}
